//! Probes over REST.

use std::sync::Arc;

use ::probe::ProbeSpec;
use access::Action;
use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, Path, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::StatusCode,
    routing::get,
};
use common::{Topic, frame::ErrorCode, host::HostId, probe::ProbeState, status::ExactStatus};
use serde::{Deserialize, Serialize};
use serde_json::json;
use transports::gate::ApiRejection;
use utoipa::ToSchema;

use super::{Probes, ProbesState, form::WantedProbe, running::RunningProbe};
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
        stored::RunningSource,
    },
    web::rejections,
};

/// The most bytes of a body.
const BODY: usize = 16 << 10;
/// The shortest and the longest time from one question to the next, seconds.
const INTERVAL: &str = "interval_ms is 1000 to 86400000";

/// A probe, and what is known of its service.
#[derive(Debug, Serialize, ToSchema)]
struct ProbeStatus {
    /// Its number, which stays.
    id: u64,
    /// Its name.
    name: String,
    /// The host that asks it; `local` for the server's own.
    from: String,
    /// The check: its kind with what it asks for, `timeout_ms` and `retries`. An address may hold a secret: for whoever may change it, and null for
    /// others.
    #[schema(value_type = Option<Object>)]
    spec: Option<ProbeSpec>,
    /// The time from one question to the next, milliseconds.
    interval_ms: u64,
    /// The probe that it hangs on: while that one is not up, nothing is known of this one.
    parent: Option<u64>,
    /// True while it is not asked.
    paused: bool,
    /// Its state.
    state: ProbeState,
}

/// A probe to be made, or as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProbeRequest {
    /// Its name: 1 to 80 characters. No two probes have one name.
    name: String,
    /// The host that asks it: `local`, which is the server's own, or one with an agent.
    #[serde(default = "local")]
    from: String,
    /// The check.
    #[schema(value_type = Object)]
    spec: ProbeSpec,
    /// The time from one question to the next, milliseconds: 1000 to 86400000.
    interval_ms: u64,
    /// The probe that it hangs on.
    #[serde(default)]
    parent: Option<u64>,
    /// True where it is not to be asked.
    #[serde(default)]
    paused: bool,
}

fn local() -> String {
    HostId::local().as_str().to_owned()
}

impl From<ProbeRequest> for WantedProbe {
    fn from(request: ProbeRequest) -> Self {
        let ProbeRequest { name, from, spec, interval_ms, parent, paused } = request;
        Self { name, from, spec, interval_ms, parent, is_paused: paused }
    }
}

/// Describes the routes.
pub(in crate::sources) fn operations() -> Vec<Operation> {
    let example = json!({
        "name": "shop",
        "spec": {
            "kind": {"type": "http", "url": "https://shop.example.org/health", "expect_status": [200], "keyword": "ok", "days_left": 14},
            "timeout_ms": 5000,
            "retries": 1
        },
        "interval_ms": 30000
    });
    let refusals = [
        Code(ErrorCode::BadRequest),
        Code(ErrorCode::StoreUnavailable),
        Exact(ExactStatus::UnprocessableContent),
        Exact(ExactStatus::UnsupportedMediaType),
    ];
    let none_such = [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)];
    let of_one = |operation: Operation| operation.segment::<u64>("id", "The probe's number.");
    vec![
        Operation::get("/api/v1/probes", "listProbes", GROUP, "List the probes")
            .answers_list::<ProbeStatus>("Every probe whose topic you may read."),
        Operation::post("/api/v1/probes", "createProbe", GROUP, "Make a probe")
            .description("It is asked from the server's machine, or by the agent of the host `from`. `type` is `http`, `tcp`, `icmp` or `dns`.")
            .body::<ProbeRequest>(example.clone())
            .answers::<ProbeStatus>(201, "The probe.")
            .fails(refusals),
        of_one(Operation::get("/api/v1/probes/{id}", "getProbe", GROUP, "Read a probe's state"))
            .answers::<ProbeStatus>(200, "The probe.")
            .fails(none_such),
        of_one(Operation::put("/api/v1/probes/{id}", "changeProbe", GROUP, "Change a probe"))
            .description("All of it is as the body says.")
            .body::<ProbeRequest>(example)
            .answers::<ProbeStatus>(200, "The probe.")
            .fails(refusals)
            .fails(none_such),
        of_one(Operation::delete("/api/v1/probes/{id}", "removeProbe", GROUP, "Remove a probe"))
            .description("What was kept of it stays until it is too old.")
            .answers_nothing("It is removed.")
            .fails(none_such)
            .fails([Code(ErrorCode::StoreUnavailable)]),
    ]
}

pub(in crate::sources) fn routes() -> Router<ProbesState> {
    Router::new()
        .route("/api/v1/probes", get(list).post(create))
        .route("/api/v1/probes/{id}", get(one).put(change).delete(remove))
        .layer(DefaultBodyLimit::max(BODY))
}

/// Returns true if the caller may read the topic of a probe.
pub(super) fn may_read(caller: &Caller, id: u64) -> bool {
    let topic = format!("probe/{id}").parse::<Topic>();
    topic.is_ok_and(|topic| caller.may(Action::ReadTopic, &topic).is_ok())
}

fn status(one: &RunningProbe, caller: &Caller) -> ProbeStatus {
    let row = one.row();
    ProbeStatus {
        id: row.id.0,
        name: row.name.clone(),
        from: row.host.clone(),
        spec: one.spec.clone().filter(|_| caller.may_do(Action::ManageSources)),
        interval_ms: row.interval_ms,
        parent: row.parent.map(|parent| parent.0),
        paused: row.is_paused,
        state: one.memory().shown(),
    }
}

async fn list(State(probes): State<Probes>, caller: Caller) -> Json<Vec<ProbeStatus>> {
    let readable = probes.all().into_iter().filter(|one| may_read(&caller, one.row().id.0));
    Json(readable.map(|one| status(&one, &caller)).collect())
}

async fn one(
    State(probes): State<Probes>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<ProbeStatus>, ApiRejection> {
    let id = number(id)?;
    answer(&probes, id, &caller)
}

async fn create(
    State(probes): State<Probes>,
    caller: Caller,
    visitor: Visitor,
    body: Result<Json<ProbeRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<ProbeStatus>), ApiRejection> {
    let wanted = read(body)?;
    let id = changes::create(&probes, &caller, &visitor, wanted).await?;
    Ok((StatusCode::CREATED, answer(&probes, id, &caller)?))
}

async fn change(
    State(probes): State<Probes>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    visitor: Visitor,
    body: Result<Json<ProbeRequest>, JsonRejection>,
) -> Result<Json<ProbeStatus>, ApiRejection> {
    let id = number(id)?;
    changes::change(&probes, &visitor, id, read(body)?, None).await?;
    answer(&probes, id, &caller)
}

async fn remove(
    State(probes): State<Probes>,
    id: Result<Path<String>, PathRejection>,
    visitor: Visitor,
) -> Result<StatusCode, ApiRejection> {
    changes::remove(&probes, &visitor, number(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read(body: Result<Json<ProbeRequest>, JsonRejection>) -> Result<WantedSource, ApiRejection> {
    let Json(request) = body.map_err(|error| rejections::body(&error, BODY))?;
    // The store has the bound, and says it by the field's name there.
    if !(1_000..=86_400_000).contains(&request.interval_ms) {
        return Err(SourceChangeError::Invalid(INTERVAL.to_owned()).into());
    }
    Ok(WantedProbe::from(request).wanted()?)
}

fn answer(probes: &Probes, id: u64, caller: &Caller) -> Result<Json<ProbeStatus>, ApiRejection> {
    let one = found(probes, id, caller)?;
    Ok(Json(status(&one, caller)))
}

/// Finds a probe that the caller may read.
pub(super) fn found(probes: &Probes, id: u64, caller: &Caller) -> Result<Arc<RunningProbe>, ApiRejection> {
    let found = probes.find(id).filter(|_| may_read(caller, id));
    Ok(found.ok_or_else(|| SourceChangeError::Unknown(id.to_string()))?)
}

pub(super) fn number(id: Result<Path<String>, PathRejection>) -> Result<u64, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    id.parse().map_err(|_| SourceChangeError::Unknown(id.chars().take(40).collect()).into())
}
