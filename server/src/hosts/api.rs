//! Hosts over REST, for pages that were not rendered by the server and for programs.

use std::sync::Arc;

use access::Action;
use axum::{
    Json, Router,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    middleware::from_fn,
    routing::get,
};
use common::{
    frame::ErrorCode,
    history::History,
    host::{BadHostId, HostId, HostInfo, HostSnapshot},
    host_status::HostStatuses,
    metric::Metric,
};
use serde::{Deserialize, Serialize};
use transports::gate::ApiRejection;
use utoipa::{IntoParams, ToSchema};

use super::{
    list::Hosts,
    readable::ReadableTopics,
    rows::{rows, statuses},
    watched::WatchedHost,
};
use crate::{
    access::Caller,
    openapi::operation::{ErrorAnswer::Code, Operation, OperationGroup::Hosts as GROUP},
    web::{compressed, rejections},
};

/// The newest numbers of every host.
pub(super) const STATUS: &str = "/api/v1/host-status";

pub(super) fn routes() -> Router<Hosts> {
    Router::new()
        .route("/api/v1/hosts", get(list))
        .route(STATUS, get(status).layer(from_fn(compressed)))
        .route("/api/v1/hosts/{id}", get(one))
        .route("/api/v1/hosts/{id}/history", get(history))
        .route("/api/v1/series", get(series))
}

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    let none_such = [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)];
    vec![
        Operation::get("/api/v1/hosts", "listHosts", GROUP, "List the hosts")
            .answers_list::<HostInfo>("Every host that is watched."),
        Operation::get(STATUS, "listHostStatus", GROUP, "Read the newest numbers of every host in short")
            .description("One answer for all hosts, small enough to be asked for each second.")
            .answers::<HostStatuses>(200, "Every host of which you may read something."),
        Operation::get("/api/v1/hosts/{id}", "getHost", GROUP, "Read a host's newest numbers")
            .description(
                "With its last five minutes, and the place in the log from which a live connection goes on.",
            )
            .segment::<HostId>("id", "The host.")
            .answers::<HostSnapshot>(200, "The host at this moment.")
            .fails(none_such),
        Operation::get("/api/v1/hosts/{id}/history", "getHostHistory", GROUP, "Read a host's last minutes")
            .segment::<HostId>("id", "The host.")
            .query::<Since>()
            .answers::<History>(200, "The points that were measured later than `since`.")
            .fails(none_such),
        Operation::get("/api/v1/series", "listMetrics", GROUP, "List the metrics")
            .answers_list::<MetricEntry>("Every metric that may be measured."),
    ]
}

/// Why a host cannot be told of.
#[derive(Debug, thiserror::Error)]
enum HostError {
    /// The name is no host's. 400 `bad_request`.
    #[error(transparent)]
    Id(#[from] BadHostId),
    /// No host of this name is watched. 404 `not_found`.
    #[error("there is no host {0}")]
    Unknown(HostId),
}

impl From<HostError> for ApiRejection {
    fn from(error: HostError) -> Self {
        let code = match error {
            HostError::Id(_) => ErrorCode::BadRequest,
            HostError::Unknown(_) => ErrorCode::NotFound,
        };
        Self::new(code, error.to_string())
    }
}

async fn list(State(hosts): State<Hosts>, caller: Caller) -> Json<Vec<HostInfo>> {
    let may_read = |id: &HostId| readable(id, &caller).is_ok();
    let hosts = hosts.all().into_iter().map(|host| HostInfo::clone(&host.info()));
    Json(hosts.filter(|info| may_read(&info.id)).collect())
}

async fn status(State(hosts): State<Hosts>, caller: Caller) -> Json<HostStatuses> {
    Json(statuses(rows(&hosts, &caller), hosts.now_ms()))
}

async fn one(
    State(hosts): State<Hosts>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<HostSnapshot>, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let (host, topics) = find(&hosts, &id, &caller)?;
    Ok(Json(topics.of_snapshot(hosts.snapshot_of(&host))))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Since {
    /// Milliseconds since 1970; points measured later than this are wanted.
    #[serde(default)]
    since: u64,
}

async fn history(
    State(hosts): State<Hosts>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    query: Result<Query<Since>, QueryRejection>,
) -> Result<Json<History>, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let (host, topics) = find(&hosts, &id, &caller)?;
    let Query(Since { since }) = query.map_err(rejections::query)?;
    Ok(Json(topics.of_history(host.history_since(since))))
}

/// A metric as the list tells it.
#[derive(Serialize, ToSchema)]
struct MetricEntry {
    #[serde(flatten)]
    #[schema(value_type = Metric)]
    metric: &'static Metric,
    /// Its English name; programs of before there were two languages read it.
    label: &'static str,
    /// True if its series have labels; programs of before labels had names read it.
    instanced: bool,
}

async fn series(State(hosts): State<Hosts>, caller: Caller) -> Result<Json<Vec<MetricEntry>>, ApiRejection> {
    // It tells what hosts are judged by, to whoever may read one.
    if !hosts.all().iter().any(|host| readable(&host.info().id, &caller).is_ok()) {
        caller.may(Action::ReadTopic, &HostId::local().metrics_topic())?;
    }
    let entry = |metric: &'static Metric| MetricEntry {
        metric,
        label: metric.name.en,
        instanced: !metric.labels.is_empty(),
    };
    Ok(Json(hosts.catalog().metrics.iter().map(entry).collect()))
}

/// Finds a host, and the topics of it that the caller may read. Whoever may read none of them is not told whether there is such a host.
fn find(
    hosts: &Hosts,
    id: &str,
    caller: &Caller,
) -> Result<(Arc<WatchedHost>, ReadableTopics), ApiRejection> {
    let id: HostId = id.parse().map_err(HostError::Id)?;
    let topics = readable(&id, caller)?;
    Ok((hosts.find(&id).ok_or(HostError::Unknown(id))?, topics))
}

fn readable(id: &HostId, caller: &Caller) -> Result<ReadableTopics, ApiRejection> {
    let topics = ReadableTopics::of(id, &|topic| caller.may(Action::ReadTopic, topic).is_ok());
    if topics.is_empty() {
        caller.may(Action::ReadTopic, &id.metrics_topic())?;
    }
    Ok(topics)
}
