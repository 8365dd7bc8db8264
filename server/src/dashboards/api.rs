//! Dashboards over REST: what is read is what can be sent.

use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, Path, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::StatusCode,
    routing::get,
};
use common::{dashboard::DashboardRow, frame::ErrorCode, status::ExactStatus};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::DashboardEntry;
use transports::gate::ApiRejection;
use utoipa::ToSchema;

use super::{
    content::{SavedDashboard, visible},
    error::DashboardError,
    route_state::DashboardsState,
};
use crate::{
    access::Caller,
    accounts::Visitor,
    history::may_read_address,
    openapi::operation::{
        ErrorAnswer::{Code, Exact},
        Operation,
        OperationGroup::Dashboards as GROUP,
    },
    web::rejections,
};

/// The most bytes of a body: the store keeps half as many, without spaces.
pub(super) const BODY: usize = 128 << 10;

/// A dashboard in the list.
#[derive(Debug, Serialize, ToSchema)]
struct DashboardListed {
    /// Its number, which stays.
    id: u64,
    /// Its name.
    name: String,
    /// The number of times that it was written.
    version: u64,
    /// The name of whoever wrote it last; null where that is not known, and for whoever has not signed in.
    changed_by: Option<String>,
    /// The time of that, milliseconds since 1970.
    changed_ms: u64,
}

/// A dashboard with its cards.
#[derive(Debug, Serialize, ToSchema)]
struct DashboardDocument {
    /// Its number, which stays.
    id: u64,
    /// Its name.
    name: String,
    /// The number of times that it was written: a change names the version that it is of.
    version: u64,
    /// The name of whoever wrote it last; null where that is not known, and for whoever has not signed in.
    changed_by: Option<String>,
    /// The time of that, milliseconds since 1970.
    changed_ms: u64,
    /// Its rows. Series that the caller may not read are left out, and counted.
    rows: Vec<DashboardRow>,
}

/// A dashboard to be made, or as it is to be: what reading one answers with. All but the name, the rows and, of a change, the version is
/// passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DashboardRequest {
    /// Its name: 1 to 80 characters. No two dashboards have one name.
    pub(super) name: String,
    /// Its rows, with at most 24 cards together.
    pub(super) rows: Vec<DashboardRow>,
    /// The version that the change is of; not needed for a new one.
    #[serde(default)]
    version: Option<u64>,
    /// Passed over.
    #[serde(default, rename = "id")]
    _id: Option<u64>,
    /// Passed over.
    #[serde(default, rename = "changed_by")]
    _changed_by: Option<String>,
    /// Passed over.
    #[serde(default, rename = "changed_ms")]
    _changed_ms: Option<u64>,
}

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    let example = json!({
        "name": "Shop",
        "version": 1,
        "rows": [{"cards": [
            {"title": "Processors", "series": ["local:cpu.total", "web-1:cpu.total"], "span": "6h", "aggregate": "max"},
            {"series": ["local:filesystem.used:/"], "span": "30d", "compare": "week"}
        ]}]
    });
    let refusals = [
        Code(ErrorCode::BadRequest),
        Code(ErrorCode::StoreUnavailable),
        Exact(ExactStatus::UnprocessableContent),
    ];
    let none_such =
        [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound), Code(ErrorCode::StoreUnavailable)];
    let of_one = |operation: Operation| operation.segment::<u64>("id", "The dashboard's number.");
    vec![
        Operation::get("/api/v1/dashboards", "listDashboards", GROUP, "List the dashboards")
            .description("By name: there are at most 200. Whoever has not signed in is told of those with a series that it may read.")
            .answers_list::<DashboardListed>("The dashboards, without their cards.")
            .fails([Code(ErrorCode::StoreUnavailable)]),
        Operation::post("/api/v1/dashboards", "createDashboard", GROUP, "Make a dashboard")
            .description("Takes what reading one answers with, so that an export is an import.")
            .body::<DashboardRequest>(example.clone())
            .answers::<DashboardDocument>(201, "The dashboard.")
            .fails(refusals),
        of_one(Operation::get("/api/v1/dashboards/{id}", "getDashboard", GROUP, "Read a dashboard"))
            .description("Its cards, for whoever may read their series: others are left out, and `hidden_series` counts them.")
            .answers::<DashboardDocument>(200, "The dashboard.")
            .fails(none_such),
        of_one(Operation::put("/api/v1/dashboards/{id}", "changeDashboard", GROUP, "Change a dashboard"))
            .description("All of it is as the body says. `version` is the one that was read: another one is refused with 409.")
            .body::<DashboardRequest>(example)
            .answers::<DashboardDocument>(200, "The dashboard.")
            .fails(refusals)
            .fails(none_such)
            .fails([Exact(ExactStatus::Conflict)]),
        of_one(Operation::delete("/api/v1/dashboards/{id}", "removeDashboard", GROUP, "Remove a dashboard"))
            .answers_nothing("It is removed.")
            .fails(none_such),
    ]
}

pub(super) fn routes() -> Router<DashboardsState> {
    Router::new()
        .route("/api/v1/dashboards", get(list).post(create))
        .route("/api/v1/dashboards/{id}", get(one).put(change).delete(remove))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn list(
    State(state): State<DashboardsState>,
    caller: Caller,
) -> Result<Json<Vec<DashboardListed>>, ApiRejection> {
    let entries = state.list_for(&caller).await?;
    let names = state.writers(&entries).await;
    let listed = |entry: DashboardEntry| DashboardListed {
        id: entry.id.0,
        name: entry.name,
        version: entry.version,
        changed_by: entry.changed_by.and_then(|id| names.get(&id).cloned()),
        changed_ms: entry.changed_ms,
    };
    Ok(Json(entries.into_iter().map(listed).collect()))
}

async fn one(
    State(state): State<DashboardsState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<DashboardDocument>, ApiRejection> {
    let saved = state.find_for(number(id)?, &caller).await?;
    Ok(Json(told(&state, saved, &caller).await))
}

async fn create(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    body: Result<Json<DashboardRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<DashboardDocument>), ApiRejection> {
    let Json(request) = body.map_err(|error| rejections::body(&error, BODY))?;
    let made = state.create(&visitor, &request.name, request.rows).await?;
    Ok((StatusCode::CREATED, Json(told(&state, made, &caller).await)))
}

async fn change(
    State(state): State<DashboardsState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    visitor: Visitor,
    body: Result<Json<DashboardRequest>, JsonRejection>,
) -> Result<Json<DashboardDocument>, ApiRejection> {
    let id = number(id)?;
    let Json(request) = body.map_err(|error| rejections::body(&error, BODY))?;
    let seen = request.version.ok_or_else(|| {
        DashboardError::Invalid("version is missing: it is the one of the dashboard that was read".to_owned())
    })?;
    let changed = state.change(&visitor, (id, seen), &request.name, request.rows).await?;
    Ok(Json(told(&state, changed, &caller).await))
}

async fn remove(
    State(state): State<DashboardsState>,
    id: Result<Path<String>, PathRejection>,
    visitor: Visitor,
) -> Result<StatusCode, ApiRejection> {
    state.remove(&visitor, number(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A dashboard as the caller may read it.
async fn told(state: &DashboardsState, saved: SavedDashboard, caller: &Caller) -> DashboardDocument {
    let SavedDashboard { entry, rows } = saved;
    DashboardDocument {
        id: entry.id.0,
        name: entry.name,
        version: entry.version,
        changed_by: state.user_name(entry.changed_by).await,
        changed_ms: entry.changed_ms,
        rows: visible(rows, |series| may_read_address(series, caller)),
    }
}

fn number(id: Result<Path<String>, PathRejection>) -> Result<u64, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    id.parse().map_err(|_| DashboardError::Unknown(id.chars().take(40).collect()).into())
}
