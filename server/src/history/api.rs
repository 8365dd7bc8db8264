//! The past over REST.

use std::sync::Arc;

use access::Action;
use axum::{
    Json, Router,
    extract::{FromRef, Path, RawQuery, State, rejection::PathRejection},
    routing::get,
};
use common::{
    Topic,
    frame::ErrorCode,
    host::HostId,
    past::{PastAggregate, PastRange, PastSeriesList},
    series_address::SeriesAddress,
};
use fanout::Clock;
use serde::Deserialize;
use transports::gate::ApiRejection;
use utoipa::IntoParams;

use super::{error::PastError, past, question::PastQuestion, recorder::SeriesHistory};
use crate::{
    access::Caller,
    accounts::DoorState,
    openapi::operation::{ErrorAnswer::Code, Operation, OperationGroup::Hosts as GROUP},
    web::rejections,
};

/// The state of the routes; cheap to clone.
#[derive(Clone)]
pub(crate) struct PastState {
    pub(super) history: SeriesHistory,
    pub(super) most_bytes: u64,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) door: DoorState,
}

impl PastState {
    pub(crate) fn new(
        history: SeriesHistory,
        most_bytes: u64,
        clock: Arc<dyn Clock>,
        door: DoorState,
    ) -> Self {
        Self { history, most_bytes, clock, door }
    }

    /// The front door's own state.
    pub(crate) const fn door(&self) -> &DoorState {
        &self.door
    }
}

impl FromRef<PastState> for DoorState {
    fn from_ref(state: &PastState) -> Self {
        state.door.clone()
    }
}

pub(super) fn routes() -> Router<PastState> {
    Router::new()
        .route("/api/v1/hosts/{id}/range", get(range))
        .route("/api/v1/hosts/{id}/range/series", get(series))
}

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    let failures = || [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound), Code(ErrorCode::Internal)];
    vec![
        Operation::get("/api/v1/hosts/{id}/range", "getHostRange", GROUP, "Read a time of a host's past")
            .description(
                "A value a step for each series of the metrics: at full resolution as long as every sample is kept, and later from \
                 buckets of ten seconds, a minute, ten minutes and an hour. At most 10,000 steps, 200 series and 1,000,000 values.",
            )
            .segment::<HostId>("id", "The host.")
            .query::<RangeQuery>()
            .answers::<PastRange>(200, "The values.")
            .fails(failures()),
        Operation::get(
            "/api/v1/hosts/{id}/range/series",
            "listPastSeries",
            GROUP,
            "List the series of a host that have a past",
        )
        .segment::<HostId>("id", "The host.")
        .answers::<PastSeriesList>(200, "The series, and the room that all history takes.")
        .fails(failures()),
    ]
}

/// The query of a range, as it is described.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "it is read by hand: `metric` may stand several times")]
struct RangeQuery {
    /// A metric, 1 to 32 times.
    metric: Vec<String>,
    /// Only series with this first label.
    label: Option<String>,
    /// The beginning, milliseconds since 1970; an hour before `to` where it is absent. It goes down to a whole step.
    from: Option<u64>,
    /// The end, which is outside; now where it is absent.
    to: Option<u64>,
    /// The length of a step, milliseconds; where it is absent, one that gives up to 600 steps.
    step: Option<u64>,
    /// The number that stands for a step.
    #[serde(default)]
    aggregate: PastAggregate,
}

async fn range(
    State(state): State<PastState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<PastRange>, ApiRejection> {
    let host = readable(&state, id, &caller)?;
    let question = PastQuestion::read(query.as_deref().unwrap_or_default(), state.now())?;
    let mut range = state.range(host, question).await?;
    range.series.retain(|one| {
        let labels: Vec<&str> = one.labels.iter().map(String::as_str).collect();
        may_read_series(&one.metric, &labels, &caller)
    });
    Ok(Json(range))
}

async fn series(
    State(state): State<PastState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<PastSeriesList>, ApiRejection> {
    let host = readable(&state, id, &caller)?;
    let history = state.history.folder().ok_or(PastError::Off)?;
    let (mut series, bytes) = (past::series_of(history, &host), history.bytes());
    series.retain(|one| {
        let labels: Vec<&str> = one.labels.iter().map(String::as_str).collect();
        may_read_series(&one.metric, &labels, &caller)
    });
    Ok(Json(PastSeriesList { host, series, bytes, most_bytes: state.most_bytes }))
}

/// The host of an address, for whoever may read all of its numbers.
fn readable(
    state: &PastState,
    id: Result<Path<String>, PathRejection>,
    caller: &Caller,
) -> Result<HostId, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let host: HostId = id.parse().map_err(PastError::Id)?;
    may_read(&host, caller)?;
    if state.door.pages.hosts.info(&host).is_none() {
        return Err(PastError::NoHost(host).into());
    }
    Ok(host)
}

/// The metrics of probes: the first label is a probe's number.
const OF_PROBES: [&str; 4] = ["probe.up", "probe.latency", "probe.up_seconds", "probe.down_seconds"];

/// True where the caller may read a series of a host that it may read: numbers of targets and of probes are for whoever may read those.
pub(super) fn may_read_series(metric: &str, labels: &[&str], caller: &Caller) -> bool {
    match labels.first() {
        Some(first) if first.starts_with("target:") => caller.may_read_figures(),
        Some(id) if OF_PROBES.contains(&metric) => {
            let topic = format!("probe/{id}").parse::<Topic>();
            topic.is_ok_and(|topic| caller.may(Action::ReadTopic, &topic).is_ok())
        }
        _ => true,
    }
}

/// True where the caller may read a series, if it is there.
pub(crate) fn may_read_address(series: &SeriesAddress, caller: &Caller) -> bool {
    let labels: Vec<&str> = series.key.labels().iter().map(String::as_str).collect();
    may_read(&series.host, caller).is_ok() && may_read_series(series.key.metric(), &labels, caller)
}

/// Lets pass whoever may read all numbers of a host.
pub(super) fn may_read(host: &HostId, caller: &Caller) -> Result<(), ApiRejection> {
    caller.may(Action::ReadTopic, &host.metrics_topic())?;
    caller.may(Action::ReadTopic, &host.system_topic())?;
    Ok(())
}

impl PastState {
    pub(crate) fn now(&self) -> i64 {
        i64::try_from(self.clock.unix_millis()).unwrap_or(i64::MAX)
    }

    /// Answers a question on a thread that may wait for the disk.
    pub(super) async fn range(&self, host: HostId, question: PastQuestion) -> Result<PastRange, PastError> {
        let history = self.history.folder().ok_or(PastError::Off)?.clone();
        let place = self.history.place().await?;
        let answer = tokio::task::spawn_blocking(move || {
            // It keeps its place to its end, also when nobody waits for it any more.
            let _place = place;
            past::range(&history, &host, &question)
        });
        answer.await.map_err(|_| PastError::BrokenOff)?
    }
}
