//! The uptime of a probe over REST.

use axum::{
    Json, Router,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    routing::get,
};
use common::{
    frame::ErrorCode,
    uptime::{ProbeUptime, UptimeStretch},
};
use serde::{Deserialize, Serialize};
use transports::gate::ApiRejection;
use utoipa::{IntoParams, ToSchema};

use super::{
    Probes, ProbesState,
    api::{found, number},
    uptime::{DAYS, MOST_DAYS, read, whole},
};
use crate::{
    access::Caller,
    openapi::operation::{ErrorAnswer::Code, Operation, OperationGroup::Sources as GROUP},
    sources::stored::RunningSource,
    web::rejections,
};

const PATH: &str = "/api/v1/probes/{id}/uptime";

pub(in crate::sources) fn routes() -> Router<ProbesState> {
    Router::new().route(PATH, get(uptime))
}

/// Describes the routes.
pub(in crate::sources) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(PATH, "getProbeUptime", GROUP, "Read the share of time that a service was up")
            .description(
                "By the answers of the host that asks it now. Time of which nothing is known counts neither way: the share is \
                 `up_ms` of `up_ms` and `down_ms`.",
            )
            .segment::<u64>("id", "The probe's number.")
            .query::<UptimeQuery>()
            .answers::<UptimeAnswer>(200, "The uptime, up to now.")
            .fails([Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound), Code(ErrorCode::Internal)]),
    ]
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UptimeQuery {
    /// The number of days that are told, 1 to 3660; 90 where it is absent.
    #[serde(default = "usual_days")]
    days: u64,
}

const fn usual_days() -> u64 {
    DAYS
}

/// The uptime of a probe.
#[derive(Debug, Serialize, ToSchema)]
struct UptimeAnswer {
    /// All days together.
    whole: UptimeStretch,
    /// The share of the time that is known of all days in which the service was up, percent, rounded down to two decimals; null where nothing is
    /// known.
    percent: Option<f64>,
    #[serde(flatten)]
    uptime: ProbeUptime,
}

/// The number of days makes no sense. 400 `bad_request`.
#[derive(Debug, thiserror::Error)]
#[error("days is 1 to {MOST_DAYS}")]
struct BadDays;

impl From<BadDays> for ApiRejection {
    fn from(error: BadDays) -> Self {
        Self::new(ErrorCode::BadRequest, error.to_string())
    }
}

async fn uptime(
    State(probes): State<Probes>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    query: Result<Query<UptimeQuery>, QueryRejection>,
) -> Result<Json<UptimeAnswer>, ApiRejection> {
    let one = found(&probes, number(id)?, &caller)?;
    let Query(UptimeQuery { days }) = query.map_err(rejections::query)?;
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(BadDays.into());
    }
    let read = read(probes.context(), &[one.row()], days).await?;
    let uptime = read.into_iter().next().unwrap_or_default();
    let whole = whole(&uptime).ok_or(BadDays)?;
    Ok(Json(UptimeAnswer { whole, percent: whole.percent(), uptime }))
}
