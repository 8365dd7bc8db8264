//! The lab over REST.

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::HeaderName,
    routing::{get, post},
};
use common::{
    frame::ErrorCode,
    lab::{LabClock, LabCut, LabLines, LabRun, LabStarted},
    limit::LimitName,
};
use serde_json::json;
use transports::{
    conn::Peer,
    gate::{Admission, ApiRejection},
};

use super::{error::LabError, runs::Labs};
use crate::{
    openapi::operation::{
        ErrorAnswer::{Code, Limit},
        Operation,
        OperationGroup::Lab as GROUP,
    },
    web::{headers::UNKEPT, rejections},
};

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

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    const LAB: &str = "0123456789abcdef";
    let too_fast = Limit(LimitName::MessagesPerSecond);
    vec![
        Operation::post("/api/v1/lab", "runLab", GROUP, "Ask for publications to measure with")
            .description("The server publishes on the lab's own topic for so many seconds. Asked again it goes on, at the new pace.")
            .body::<LabRun>(json!({"lab": LAB, "rate": 10, "bytes": 256, "seconds": 15}))
            .answers::<LabStarted>(200, "It has begun.")
            .fails([too_fast, Limit(LimitName::Labs), Code(ErrorCode::BadRequest)]),
        Operation::post("/api/v1/lab/cut", "cutLab", GROUP, "End the connections that follow a lab")
            .body::<LabCut>(json!({"lab": LAB}))
            .answers::<LabLines>(200, "So many are told to end.")
            .fails([too_fast]),
        Operation::get("/api/v1/lab/clock", "getClock", GROUP, "Read the server's clock")
            .answers::<LabClock>(200, "The moment at which the answer was made."),
    ]
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
