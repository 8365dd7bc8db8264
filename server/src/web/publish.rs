//! `POST /api/v1/publish`: other programs push their own numbers. With an `Idempotency-Key` what is sent again after a lost answer is one
//! entry.

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use common::{Cursor, Topic, frame::ErrorCode, limit::LimitName};
use hub::{IdempotencyKey, PublishError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use transports::{conn::Peer, gate::ApiRejection};

use super::rejections;
use crate::state::App;

/// A body may have this many bytes besides its payload.
const AROUND: usize = 1024;

/// The header by which what is sent again is known (IETF draft "The Idempotency-Key HTTP Header Field").
const KEY: &str = "idempotency-key";

pub(crate) fn routes(app: &App) -> Router<App> {
    Router::new().route("/api/v1/publish", post(publish)).layer(DefaultBodyLimit::max(longest_body(app)))
}

fn longest_body(app: &App) -> usize {
    app.live.hub.settings().publication_bytes.saturating_add(AROUND)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishRequest {
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
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    body: Result<Json<PublishRequest>, JsonRejection>,
) -> Result<Response, Response> {
    if !app.publishers.admit(peer.ip()) {
        let message = "more publications a second than one client may send (limits.publications_per_second)";
        let refusal = ApiRejection::limit_reached(
            429,
            LimitName::PublicationsPerSecond,
            app.publishers.rate() as usize,
            message,
        )
        .into_response();
        return Err(([(header::RETRY_AFTER, "1")], refusal).into_response());
    }
    take(&app, &headers, body).await.map_err(IntoResponse::into_response)
}

async fn take(
    app: &App,
    headers: &HeaderMap,
    body: Result<Json<PublishRequest>, JsonRejection>,
) -> Result<Response, ApiRejection> {
    let key = key(headers)?;
    let Json(PublishRequest { topic, data }) =
        body.map_err(|error| rejections::body(&error, longest_body(app)))?;
    let topic: Topic = topic.parse().map_err(|error: common::topic::BadTopic| {
        ApiRejection::new(400, ErrorCode::BadTopic, error.to_string())
    })?;
    if !topic.as_str().starts_with("custom/") {
        let message = format!("only topics under custom/ can be published to, not {topic}");
        return Err(ApiRejection::new(403, ErrorCode::UnknownTopic, message));
    }
    let data: Box<str> = data.into();
    let cursor =
        app.live.hub.publish_once_async(&topic, String::from(data).into(), key).await.map_err(refused)?;
    Ok((StatusCode::OK, Json(Published { cursor })).into_response())
}

/// The key that the request gives its entry: a text, in quotes or without (a string of RFC 8941 has them).
fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ApiRejection> {
    let bad = |message: String| ApiRejection::new(400, ErrorCode::BadRequest, message);
    let mut all = headers.get_all(KEY).iter();
    let Some(value) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        return Err(bad("Idempotency-Key stands twice".to_owned()));
    }
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    text.parse().map(Some).map_err(|error| bad(format!("Idempotency-Key cannot be read: {error}")))
}

fn refused(error: PublishError) -> ApiRejection {
    let message = error.to_string();
    let (status, code) = match error {
        PublishError::UnknownTopic(_) => (404, ErrorCode::UnknownTopic),
        PublishError::TooLong { limit, .. } => {
            return ApiRejection::limit_reached(413, LimitName::PublicationBytes, limit, message);
        }
        PublishError::TooManyTopics(most) => {
            return ApiRejection::limit_reached(429, LimitName::Topics, most, message);
        }
        PublishError::KeyReused => (422, ErrorCode::BadRequest),
        PublishError::NotStored(_) => (503, ErrorCode::NotStored),
        PublishError::Closed => (503, ErrorCode::ShuttingDown),
    };
    ApiRejection::new(status, code, message)
}
