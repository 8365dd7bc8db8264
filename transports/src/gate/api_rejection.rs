//! A request that is turned away before it becomes a connection.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use common::{
    api::ApiError,
    frame::ErrorCode,
    limit::{Limit, LimitName},
};
use hub::SubscribeError;

/// A rejected request: its status, its code and its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRejection {
    status: u16,
    error: ApiError,
}

impl ApiRejection {
    /// A refusal.
    pub fn new(status: u16, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, error: ApiError::new(code, message.into()) }
    }

    /// The refusal of a request that has reached a limit.
    pub fn limit_reached(status: u16, name: LimitName, max: usize, message: impl Into<String>) -> Self {
        Self { status, error: ApiError::limit_reached(name, max, message.into()) }
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
        let message = error.to_string();
        let (status, code) = match error {
            SubscribeError::UnknownTopic(_) => (404, ErrorCode::UnknownTopic),
            SubscribeError::TooManyTopics { limit, .. } => {
                let limit = Some(Limit::new(LimitName::TopicsPerConnection, limit));
                return Self {
                    status: 400,
                    error: ApiError { code: ErrorCode::TooManyTopics, message, limit },
                };
            }
            SubscribeError::LogFull(most) => {
                return Self::limit_reached(429, LimitName::Topics, most, message);
            }
            SubscribeError::Closed => (503, ErrorCode::ShuttingDown),
        };
        Self::new(status, code, message)
    }
}

impl IntoResponse for ApiRejection {
    fn into_response(self) -> Response {
        tracing::debug!(status = self.status, why = self.error.message, "refused");
        (self.status(), [("cache-control", "no-store")], Json(self.error)).into_response()
    }
}
