//! Targets over REST.

use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, Path, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::StatusCode,
    routing::get,
};
use common::{frame::ErrorCode, host::HostId, status::ExactStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use transports::gate::ApiRejection;
use utoipa::ToSchema;

use super::{
    Targets,
    form::{SECRETS, checked, goes_to},
    route_state::TargetsState,
    running::RunningTarget,
};
use crate::{
    access::Caller,
    accounts::Visitor,
    openapi::operation::{
        ErrorAnswer::{Code, Exact},
        Operation,
        OperationGroup::Sources as GROUP,
    },
    sources::{
        changes::{self, WantedSource},
        error::SourceChangeError,
        outcome::shown_address,
        stored::RunningSource,
    },
    web::rejections,
};

/// The most bytes of a body.
const BODY: usize = 16 << 10;

/// A target, and its last answer.
#[derive(Debug, Serialize, ToSchema)]
struct TargetStatus {
    /// Its number, which stays: the first label of its series is `target:` and this.
    id: u64,
    /// Its name.
    name: String,
    /// Its settings, without those that are secrets.
    #[schema(value_type = Object)]
    spec: Value,
    /// The time from one scrape to the next, milliseconds.
    interval_ms: u64,
    /// True while it is not scraped.
    paused: bool,
    /// Its last answer; null where it was not asked yet.
    last: Option<ScrapeStatus>,
}

/// The last answer of a target.
#[derive(Debug, Serialize, ToSchema)]
struct ScrapeStatus {
    /// When it was asked, milliseconds since 1970.
    at_ms: u64,
    /// The time that it took, milliseconds.
    took_ms: f64,
    /// The number of series in it.
    series: usize,
    /// Its bytes, unpacked.
    bytes: usize,
    /// The first faults in it: sentences in English.
    faults: Vec<String>,
    /// Why there is none: a sentence in English.
    error: Option<String>,
}

/// A target to be added, or as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TargetRequest {
    /// Its name: 1 to 80 characters. No two targets have one name.
    name: String,
    /// Its settings: `url`, and where they are wanted `timeout_seconds`, `metrics`, `labels`, `buckets`, `max_series`, `bearer_token`, `basic_auth` and `verify`.
    #[schema(value_type = Object)]
    spec: Value,
    /// The time from one scrape to the next, milliseconds: 1000 to 86400000.
    interval_ms: u64,
    /// True where it is not to be scraped.
    #[serde(default)]
    paused: bool,
}

/// Describes the routes.
pub(in crate::sources) fn operations() -> Vec<Operation> {
    let example = json!({
        "name": "db",
        "spec": {"url": "http://localhost:9187/metrics", "metrics": ["pg_*", "!pg_settings_*"]},
        "interval_ms": 15000
    });
    let refusals = [
        Code(ErrorCode::BadRequest),
        Code(ErrorCode::StoreUnavailable),
        Exact(ExactStatus::UnprocessableContent),
        Exact(ExactStatus::UnsupportedMediaType),
    ];
    let none_such = [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)];
    let of_one = |operation: Operation| operation.segment::<u64>("id", "The target's number.");
    vec![
        Operation::get("/api/v1/targets", "listTargets", GROUP, "List the targets")
            .answers_list::<TargetStatus>("Every Prometheus endpoint that is scraped."),
        Operation::post("/api/v1/targets", "addTarget", GROUP, "Add a target")
            .description("Its numbers are kept under their own names, with `target:ID` and the labels as labels. Counters are kept as their growth a second.")
            .body::<TargetRequest>(example.clone())
            .answers::<TargetStatus>(201, "The target.")
            .fails(refusals),
        of_one(Operation::get("/api/v1/targets/{id}", "getTarget", GROUP, "Read a target's last answer"))
            .answers::<TargetStatus>(200, "The target.")
            .fails(none_such),
        of_one(Operation::put("/api/v1/targets/{id}", "changeTarget", GROUP, "Change a target"))
            .description("All of it is as the body says. Secrets that are left out stay where the address does, and `verify`.")
            .body::<TargetRequest>(example)
            .answers::<TargetStatus>(200, "The target.")
            .fails(refusals)
            .fails(none_such),
        of_one(Operation::delete("/api/v1/targets/{id}", "removeTarget", GROUP, "Remove a target"))
            .description("What was kept of it stays until it is too old.")
            .answers_nothing("It is removed.")
            .fails(none_such)
            .fails([Code(ErrorCode::StoreUnavailable)]),
    ]
}

pub(in crate::sources) fn routes() -> Router<TargetsState> {
    Router::new()
        .route("/api/v1/targets", get(list).post(create))
        .route("/api/v1/targets/{id}", get(one).put(change).delete(remove))
        .layer(DefaultBodyLimit::max(BODY))
}

fn status(one: &RunningTarget, caller: &Caller) -> TargetStatus {
    let row = one.row();
    let mut spec: Value = serde_json::from_str(&row.spec).unwrap_or_default();
    if let Some(spec) = spec.as_object_mut() {
        SECRETS.iter().for_each(|secret| drop(spec.remove(*secret)));
        // A query may hold one, too.
        if let Some(url) = spec.get("url").and_then(Value::as_str) {
            let url = shown_address(url, caller);
            spec.insert("url".to_owned(), url.into());
        }
    }
    let last = one.last().map(|last| ScrapeStatus {
        at_ms: last.at_ms,
        took_ms: (last.took.as_secs_f64() * 1e6).round() / 1e3,
        series: last.series,
        bytes: last.bytes,
        faults: last.faults,
        error: last.error,
    });
    TargetStatus {
        id: row.id.0,
        name: row.name.clone(),
        spec,
        interval_ms: row.interval_ms,
        paused: row.is_paused,
        last,
    }
}

async fn list(State(targets): State<Targets>, caller: Caller) -> Json<Vec<TargetStatus>> {
    Json(targets.all().iter().map(|one| status(one, &caller)).collect())
}

async fn one(
    State(targets): State<Targets>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<TargetStatus>, ApiRejection> {
    answer(&targets, number(id)?, &caller)
}

async fn create(
    State(targets): State<Targets>,
    caller: Caller,
    visitor: Visitor,
    body: Result<Json<TargetRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<TargetStatus>), ApiRejection> {
    let wanted = read(body, None)?;
    let id = changes::create(&targets, &caller, &visitor, wanted).await?;
    Ok((StatusCode::CREATED, answer(&targets, id, &caller)?))
}

async fn change(
    State(targets): State<Targets>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    visitor: Visitor,
    body: Result<Json<TargetRequest>, JsonRejection>,
) -> Result<Json<TargetStatus>, ApiRejection> {
    let id = number(id)?;
    let before = targets.find(id).map(|one| one.row().spec.clone());
    changes::change(&targets, &visitor, id, read(body, before.as_deref())?, None).await?;
    answer(&targets, id, &caller)
}

async fn remove(
    State(targets): State<Targets>,
    id: Result<Path<String>, PathRejection>,
    visitor: Visitor,
) -> Result<StatusCode, ApiRejection> {
    changes::remove(&targets, &visitor, number(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads what somebody wants. Secrets of the settings before stay where no other ones are given.
fn read(
    body: Result<Json<TargetRequest>, JsonRejection>,
    before: Option<&str>,
) -> Result<WantedSource, ApiRejection> {
    let Json(request) = body.map_err(|error| rejections::body(&error, BODY))?;
    let TargetRequest { name, mut spec, interval_ms, paused } = request;
    let before: Map<String, Value> =
        before.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    if let Some(spec) = spec.as_object_mut()
        && goes_to(
            &before,
            spec.get("url").unwrap_or(&Value::Null),
            spec.get("verify").unwrap_or(&json!(true)),
        )
        && !SECRETS.iter().any(|secret| spec.contains_key(*secret))
    {
        let kept =
            SECRETS.iter().filter_map(|secret| Some(((*secret).to_owned(), before.get(*secret)?.clone())));
        spec.extend(kept);
    }
    if !(1_000..=86_400_000).contains(&interval_ms) {
        return Err(SourceChangeError::Invalid("interval_ms is 1000 to 86400000".to_owned()).into());
    }
    Ok(WantedSource {
        name,
        host: HostId::local().as_str().to_owned(),
        spec: checked(&spec)?,
        interval_ms,
        parent: None,
        is_paused: paused,
    })
}

fn answer(targets: &Targets, id: u64, caller: &Caller) -> Result<Json<TargetStatus>, ApiRejection> {
    let found = targets.find(id).ok_or_else(|| SourceChangeError::Unknown(id.to_string()))?;
    Ok(Json(status(&found, caller)))
}

fn number(id: Result<Path<String>, PathRejection>) -> Result<u64, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    id.parse().map_err(|_| SourceChangeError::Unknown(id.chars().take(40).collect()).into())
}
