//! The lab over REST.

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::HeaderName,
    routing::{get, post},
};
use common::lab::{LabClock, LabCut, LabLines, LabRun, LabStarted};
use transports::{
    conn::Peer,
    gate::{Admission, ApiRejection},
};

use super::{error::LabError, runs::Labs};
use crate::web::{headers::UNKEPT, rejections};

/// A request's body has at most this many bytes.
const BODY: usize = 1024;

/// The state of its routes; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct LabApi {
    pub(super) labs: Labs,
    pub(super) admission: Admission,
    /// True if a WebSocket compresses, provided that the client offers it.
    pub(super) compression: bool,
}

pub(super) fn routes() -> Router<LabApi> {
    Router::new()
        .route("/api/v1/lab", post(ask))
        .route("/api/v1/lab/cut", post(cut))
        .route("/api/v1/lab/clock", get(clock))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn ask(
    State(lab_api): State<LabApi>,
    Extension(peer): Extension<Peer>,
    body: Result<Json<LabRun>, JsonRejection>,
) -> Result<Json<LabStarted>, ApiRejection> {
    lab_api.may_send(peer)?;
    let Json(run) = body.map_err(|error| rejections::body(&error, BODY))?;
    lab_api.labs.ask(&run)?;
    Ok(Json(LabStarted { topic: run.lab.topic(), compression: lab_api.compression }))
}

async fn cut(
    State(lab_api): State<LabApi>,
    Extension(peer): Extension<Peer>,
    body: Result<Json<LabCut>, JsonRejection>,
) -> Result<Json<LabLines>, ApiRejection> {
    lab_api.may_send(peer)?;
    let Json(LabCut { lab }) = body.map_err(|error| rejections::body(&error, BODY))?;
    Ok(Json(LabLines { lines: lab_api.labs.cut(&lab).await }))
}

/// Read as late as can be: what comes after it counts as a way back.
async fn clock(State(lab_api): State<LabApi>) -> ([(HeaderName, &'static str); 1], Json<LabClock>) {
    (UNKEPT, Json(LabClock { at: lab_api.labs.now_ms() }))
}

impl LabApi {
    fn may_send(&self, Peer(peer): Peer) -> Result<(), LabError> {
        if self.admission.may_send(peer.ip()) {
            Ok(())
        } else {
            Err(LabError::TooFast(self.admission.limits().messages_per_second))
        }
    }
}
