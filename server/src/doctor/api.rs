//! `GET /api/v1/doctor` and `GET /live/silence`.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderName, request::Parts},
    response::Response,
    routing::get,
};
use common::{
    doctor::{Asker, ProbeReport, SILENCE_MS},
    frame::ErrorCode,
    lab::LabId,
    limit::LimitName,
};
use fanout::Hub;
use serde::Deserialize;
use transports::{
    conn::ConnectionTakeover,
    gate::{ApiRejection, Client},
};
use utoipa::IntoParams;

use super::{
    idle_probe::IdleProbe,
    nodes, request_log,
    state::{Doctor, SILENT},
};
use crate::{
    openapi::operation::{Operation, OperationGroup},
    web::{headers::UNKEPT, rejections},
};

/// The state of its routes; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct DoctorApi {
    pub(super) doctor: Doctor,
    pub(super) hub: Hub,
    /// The address that the server listens on.
    pub(super) address: SocketAddr,
    /// The longest silence of a live connection, milliseconds.
    pub(super) heartbeat_ms: u64,
}

pub(super) fn routes() -> Router<DoctorApi> {
    // Silence stands beside the live addresses: proxies are set up by path, and it is to be treated as those are.
    Router::new().route("/api/v1/doctor", get(probe_report)).route("/live/silence", get(idle_probe))
}

/// Describes the route for programs.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/api/v1/doctor", "getProbeReport", OperationGroup::Lab, "Read how requests arrived")
            .description("Tells of this very request, and of those to live addresses whose query has `probe=` with the same text.")
            .query::<ProbeQuery>()
            .answers::<ProbeReport>(200, "The requests, as the server saw them."),
    ]
}

/// Why the doctor does not answer.
#[derive(Debug, thiserror::Error)]
enum DoctorError {
    /// A time that is none of those for which an answer may be silent. 400 `bad_request`.
    #[error("ms is {0}: it must be {first} to {last}", first = SILENCE_MS.start(), last = SILENCE_MS.end())]
    Range(u64),
    /// As many answers are silent as may be. 429 `limit_reached`.
    #[error("as many answers are silent as may be at once: try again in a minute")]
    TooMany,
}

impl From<DoctorError> for ApiRejection {
    fn from(error: DoctorError) -> Self {
        let message = error.to_string();
        match error {
            DoctorError::Range(_) => Self::new(ErrorCode::BadRequest, message),
            DoctorError::TooMany => Self::limit_reached(LimitName::SilentAnswers, SILENT, message),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProbeQuery {
    /// The probe whose requests are asked for: make it of 128 random bits.
    #[param(inline)]
    probe: LabId,
}

#[derive(Deserialize)]
struct IdleProbeQuery {
    ms: u64,
}

async fn probe_report(
    State(api): State<DoctorApi>,
    query: Result<Query<ProbeQuery>, QueryRejection>,
    parts: Parts,
) -> Result<([(HeaderName, &'static str); 1], Json<ProbeReport>), ApiRejection> {
    let Query(ProbeQuery { probe }) = query.map_err(rejections::query)?;
    let report = ProbeReport {
        this: request_log::of_parts(&parts, api.doctor.now_ms()),
        asker: parts.extensions.get::<Client>().map(asker),
        arrivals: nodes::arrivals(&api.hub, &probe).await,
        tls: api.doctor.tls,
        listen: api.address.to_string(),
        heartbeat_ms: api.heartbeat_ms,
    };
    Ok((UNKEPT, Json(report)))
}

fn asker(client: &Client) -> Asker {
    Asker {
        address: client.shown_address(),
        host: client.host.clone(),
        scheme: client.scheme.clone(),
        source: client.source,
    }
}

async fn idle_probe(
    State(api): State<DoctorApi>,
    query: Result<Query<IdleProbeQuery>, QueryRejection>,
    takeover: ConnectionTakeover,
) -> Result<Response, ApiRejection> {
    let Query(IdleProbeQuery { ms }) = query.map_err(rejections::query)?;
    if !SILENCE_MS.contains(&ms) {
        return Err(DoctorError::Range(ms).into());
    }
    let place = Arc::clone(&api.doctor.silent).try_acquire_owned().map_err(|_| DoctorError::TooMany)?;
    let silence = IdleProbe {
        long: Duration::from_millis(ms),
        chunked: takeover.chunked(),
        stop: api.doctor.stop.clone(),
        _place: place,
    };
    let first = silence.first();
    Ok(takeover.stream(transports::sse::TYPE, first, move |io, head| silence.keep(io, head)).await)
}
