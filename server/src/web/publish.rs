//! `POST /api/v1/publish`: other programs push their own numbers.

use axum::{
    Json, Router,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use common::{Cursor, Topic, frame::ErrorCode};
use hub::PublishError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use transports::gate::Refusal;

use crate::state::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/v1/publish", post(publish))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    topic: String,
    data: Value,
}

#[derive(Serialize)]
struct Published {
    cursor: Cursor,
}

async fn publish(
    State(app): State<App>,
    body: Result<Json<Asked>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(Asked { topic, data }) = body
        .map_err(|error| Refusal::new(error.status().as_u16(), ErrorCode::BadRequest, error.body_text()))?;
    let topic: Topic = topic.parse().map_err(|error: common::topic::BadTopic| {
        Refusal::new(400, ErrorCode::BadTopic, error.to_string())
    })?;
    if !topic.as_str().starts_with("custom/") {
        let message = format!("only topics under custom/ can be published to, not {topic}");
        return Err(Refusal::new(403, ErrorCode::UnknownTopic, message));
    }
    // Written anew, so that what subscribers get is compact JSON on one line whatever was sent.
    let cursor = app.live.hub.publish(&topic, data.to_string().into()).map_err(refused)?;
    Ok((StatusCode::OK, Json(Published { cursor })).into_response())
}

fn refused(error: PublishError) -> Refusal {
    let (status, code) = match error {
        PublishError::UnknownTopic(_) => (404, ErrorCode::UnknownTopic),
        PublishError::TooLong { .. } => (413, ErrorCode::LimitReached),
        PublishError::TooManyTopics(_) => (429, ErrorCode::LimitReached),
        PublishError::Closed => (503, ErrorCode::ShuttingDown),
    };
    Refusal::new(status, code, error.to_string())
}
