//! The one error of the HTTP API: a request that is turned away. Every feature's error becomes one by `From`, and
//! its status comes from the table in [`common::status`].

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use common::{
    api::ApiError,
    frame::ErrorCode,
    limit::{Limit, LimitName},
    status::ExactStatus,
};
use fanout::{PublishError, SubscribeError};

/// A rejected request: its status, its error and, where it may succeed later, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRejection {
    status: u16,
    error: ApiError,
    retry_after: Option<Duration>,
}

impl ApiRejection {
    /// A rejection with the status of its code.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        ApiError::new(code, message.into()).into()
    }

    /// The rejection of a request that has reached a limit, with the limit's status.
    pub fn limit_reached(name: LimitName, max: usize, message: impl Into<String>) -> Self {
        ApiError::limit_reached(name, max, message.into()).into()
    }

    /// A rejection whose status says more than its code.
    pub fn exact(exact: ExactStatus, message: impl Into<String>) -> Self {
        Self { status: exact.status(), ..Self::new(exact.code(), message) }
    }

    /// Says when the same request may succeed, as `Retry-After` (RFC 9110 §10.2.3).
    #[must_use]
    pub fn retry_after(self, after: Duration) -> Self {
        Self { retry_after: Some(after), ..self }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        status(self.status)
    }

    /// Returns the body.
    #[must_use]
    pub fn error(&self) -> &ApiError {
        &self.error
    }

    /// Logs the rejection and takes it apart for whoever writes the answer: its status, its own fields and its body.
    pub(crate) fn into_parts(self) -> (StatusCode, Vec<(HeaderName, HeaderValue)>, Bytes) {
        let status = self.status();
        tracing::debug!(%status, why = self.error.message, "refused");
        let mut fields = vec![(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        fields.extend(self.retry_after.map(|after| (header::RETRY_AFTER, retry_after(after))));
        let body = serde_json::to_vec(&self.error).expect("an error has no map whose keys are no text");
        (status, fields, body.into())
    }

    /// Returns the body without the rest.
    #[must_use]
    pub fn into_error(self) -> ApiError {
        self.error
    }
}

/// A status of the table in [`common::status`].
pub(crate) fn status(of_table: u16) -> StatusCode {
    StatusCode::from_u16(of_table).expect("the table holds statuses of RFC 9110 and RFC 6585")
}

/// The value of `Retry-After`, which counts whole seconds (RFC 9110 §10.2.3).
pub(crate) fn retry_after(after: Duration) -> HeaderValue {
    let seconds = after.as_millis().div_ceil(1000);
    u64::try_from(seconds).unwrap_or(u64::MAX).into()
}

impl From<ApiError> for ApiRejection {
    fn from(error: ApiError) -> Self {
        Self { status: error.status(), error, retry_after: None }
    }
}

impl From<SubscribeError> for ApiRejection {
    fn from(error: SubscribeError) -> Self {
        let message = error.to_string();
        match error {
            SubscribeError::UnknownTopic(_) => Self::new(ErrorCode::UnknownTopic, message),
            SubscribeError::TooManyTopics { limit, .. } => {
                let limit = Some(Limit::new(LimitName::TopicsPerConnection, limit));
                ApiError { code: ErrorCode::TooManyTopics, message, limit }.into()
            }
            SubscribeError::LogFull(most) => Self::limit_reached(LimitName::Topics, most, message),
            SubscribeError::Closed => Self::new(ErrorCode::ShuttingDown, message),
        }
    }
}

impl From<PublishError> for ApiRejection {
    fn from(error: PublishError) -> Self {
        let message = error.to_string();
        match error {
            PublishError::UnknownTopic(_) => Self::new(ErrorCode::UnknownTopic, message),
            PublishError::TooLong { limit, .. } => {
                Self::limit_reached(LimitName::PublicationBytes, limit, message)
            }
            PublishError::TooManyTopics(most) => Self::limit_reached(LimitName::Topics, most, message),
            PublishError::KeyReused | PublishError::Conflict { .. } => {
                Self::exact(ExactStatus::UnprocessableContent, message)
            }
            PublishError::Unavailable { retry } => {
                Self::new(ErrorCode::LogUnavailable, message).retry_after(retry)
            }
            PublishError::NotStored(_) => Self::new(ErrorCode::NotStored, message),
            PublishError::Closed => Self::new(ErrorCode::ShuttingDown, message),
        }
    }
}

impl IntoResponse for ApiRejection {
    fn into_response(self) -> Response {
        let (status, own, body) = self.into_parts();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.extend(own);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_table_can_be_answered_with() {
        let limits = LimitName::ALL.iter().map(|&name| ApiRejection::limit_reached(name, 1, ""));
        let codes = ErrorCode::ALL.iter().map(|&code| ApiRejection::new(code, ""));
        let exact = ExactStatus::ALL.iter().map(|&exact| ApiRejection::exact(exact, ""));
        for rejection in limits.chain(codes).chain(exact) {
            let status = rejection.status();
            assert!(status.is_client_error() || status.is_server_error(), "{rejection:?}");
            let expected = rejection.error().clone();
            let response = rejection.into_response();
            assert_eq!(response.status(), status, "{expected:?}");
            assert!(!response.headers().contains_key(header::RETRY_AFTER));
        }
    }

    #[test]
    fn retry_after_counts_whole_seconds_upwards() {
        for (after, told) in [(0, "0"), (1, "1"), (1_000, "1"), (1_001, "2")] {
            let rejection =
                ApiRejection::new(ErrorCode::NotStored, "").retry_after(Duration::from_millis(after));
            let response = rejection.into_response();
            assert_eq!(response.headers()[header::RETRY_AFTER], told);
        }
    }
}
