//! A request that is turned away before it becomes a connection.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use common::{api::ApiError, frame::ErrorCode};
use hub::SubscribeError;

/// The status, word and sentence with which a request is turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRejection {
    status: u16,
    error: ApiError,
}

impl ApiRejection {
    /// A refusal.
    pub fn new(status: u16, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, error: ApiError { code, message: message.into() } }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// Returns the body.
    #[must_use]
    pub fn error(&self) -> &ApiError {
        &self.error
    }
}

impl From<SubscribeError> for ApiRejection {
    fn from(error: SubscribeError) -> Self {
        let (status, code) = match error {
            SubscribeError::UnknownTopic(_) => (404, ErrorCode::UnknownTopic),
            SubscribeError::TooManyTopics { .. } => (400, ErrorCode::TooManyTopics),
            SubscribeError::LogFull(_) => (429, ErrorCode::LimitReached),
            SubscribeError::Closed => (503, ErrorCode::ShuttingDown),
        };
        Self::new(status, code, error.to_string())
    }
}

impl IntoResponse for ApiRejection {
    fn into_response(self) -> Response {
        tracing::debug!(status = self.status, why = self.error.message, "refused");
        (self.status(), [("cache-control", "no-store")], Json(self.error)).into_response()
    }
}
