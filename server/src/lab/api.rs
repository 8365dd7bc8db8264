//! The lab over REST.

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::HeaderName,
    routing::{get, post},
};
use common::lab::{LabClock, LabCut, LabLines, LabRun, LabStarted};
use transports::{conn::Peer, gate::ApiRejection};

use super::{error::LabError, payload::now_ms};
use crate::{
    state::App,
    web::{headers::UNKEPT, rejections},
};

/// A request's body has at most this many bytes.
const BODY: usize = 1024;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/lab", post(ask))
        .route("/api/v1/lab/cut", post(cut))
        .route("/api/v1/lab/clock", get(clock))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn ask(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    body: Result<Json<LabRun>, JsonRejection>,
) -> Result<Json<LabStarted>, ApiRejection> {
    may_send(&app, peer)?;
    let Json(run) = body.map_err(|error| rejections::body(&error, BODY))?;
    app.labs.ask(&run)?;
    Ok(Json(LabStarted { topic: run.lab.topic(), compression: app.live.compression }))
}

async fn cut(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    body: Result<Json<LabCut>, JsonRejection>,
) -> Result<Json<LabLines>, ApiRejection> {
    may_send(&app, peer)?;
    let Json(LabCut { lab }) = body.map_err(|error| rejections::body(&error, BODY))?;
    Ok(Json(LabLines { lines: app.labs.cut(&lab) }))
}

/// Read as late as can be: what comes after it counts as a way back.
async fn clock() -> ([(HeaderName, &'static str); 1], Json<LabClock>) {
    (UNKEPT, Json(LabClock { at: now_ms() }))
}

fn may_send(app: &App, Peer(peer): Peer) -> Result<(), ApiRejection> {
    let admission = &app.live.admission;
    if admission.may_send(peer.ip()) {
        Ok(())
    } else {
        Err(LabError::TooFast(admission.limits().messages_per_second).into())
    }
}
