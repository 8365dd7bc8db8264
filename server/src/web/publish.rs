//! `POST /api/v1/publish`: other programs push their own numbers.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use common::{Cursor, Topic, frame::ErrorCode};
use hub::PublishError;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use transports::gate::Refusal;

use super::unreadable;
use crate::state::App;

/// What a body may have besides its payload, bytes.
const AROUND: usize = 1024;

pub(crate) fn routes(app: &App) -> Router<App> {
    let longest = app.live.hub.settings().publication_bytes.saturating_add(AROUND);
    Router::new().route("/api/v1/publish", post(publish)).layer(DefaultBodyLimit::max(longest))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    topic: String,
    /// As it was sent: numbers keep their digits and objects their order.
    data: Box<RawValue>,
}

#[derive(Serialize)]
struct Published {
    cursor: Cursor,
}

async fn publish(
    State(app): State<App>,
    body: Result<Json<Asked>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(Asked { topic, data }) = body.map_err(unreadable::body)?;
    let topic: Topic = topic.parse().map_err(|error: common::topic::BadTopic| {
        Refusal::new(400, ErrorCode::BadTopic, error.to_string())
    })?;
    if !topic.as_str().starts_with("custom/") {
        let message = format!("only topics under custom/ can be published to, not {topic}");
        return Err(Refusal::new(403, ErrorCode::UnknownTopic, message));
    }
    let data: Box<str> = data.into();
    let cursor = app.live.hub.publish_async(&topic, String::from(data).into()).await.map_err(refused)?;
    Ok((StatusCode::OK, Json(Published { cursor })).into_response())
}

fn refused(error: PublishError) -> Refusal {
    let (status, code) = match error {
        PublishError::UnknownTopic(_) => (404, ErrorCode::UnknownTopic),
        PublishError::TooLong { .. } => (413, ErrorCode::LimitReached),
        PublishError::TooManyTopics(_) => (429, ErrorCode::LimitReached),
        PublishError::NotStored(_) => (503, ErrorCode::NotStored),
        PublishError::Closed => (503, ErrorCode::ShuttingDown),
    };
    Refusal::new(status, code, error.to_string())
}
