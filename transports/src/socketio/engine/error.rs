//! Requests that are turned away, in Engine.IO's own words: `{"code":1,"message":"Session ID unknown"}`.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// The errors of Engine.IO, with its own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum EngineError {
    #[error("Transport unknown")]
    Transport,
    #[error("Session ID unknown")]
    Sid,
    #[error("Bad handshake method")]
    Method,
    #[error("Bad request")]
    Request,
    #[error("Unsupported protocol version")]
    Version,
    /// A body over `maxPayload`.
    #[error("the body is longer than maxPayload")]
    TooLong,
    /// The client sends more messages than the limit allows.
    #[error("too many messages a second")]
    TooMany,
    /// The table is full, or the system gives no random numbers.
    #[error("too many sessions: come back later")]
    Full,
}

#[derive(Serialize)]
struct Body {
    code: u8,
    message: String,
}

impl IntoResponse for EngineError {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::Transport => (StatusCode::BAD_REQUEST, 0),
            Self::Sid => (StatusCode::BAD_REQUEST, 1),
            Self::Method => (StatusCode::BAD_REQUEST, 2),
            Self::Request => (StatusCode::BAD_REQUEST, 3),
            Self::Version => (StatusCode::BAD_REQUEST, 5),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, 3),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, 3),
            Self::Full => (StatusCode::SERVICE_UNAVAILABLE, 4),
        };
        tracing::debug!(%status, why = %self, "refused");
        let body = Json(Body { code, message: self.to_string() });
        (status, [("cache-control", "no-store")], body).into_response()
    }
}
