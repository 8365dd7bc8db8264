//! Maps rejected requests to error answers.

use axum::{
    extract::rejection::{JsonRejection, QueryRejection},
    http::StatusCode,
};
use common::{frame::ErrorCode, limit::LimitName};
use transports::gate::ApiRejection;

/// Its body, which may have `longest` bytes.
pub(crate) fn body(error: &JsonRejection, longest: usize) -> ApiRejection {
    let (status, message) = (error.status(), error.body_text());
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiRejection::limit_reached(status.as_u16(), LimitName::BodyBytes, longest, message)
        }
        _ => ApiRejection::new(status.as_u16(), ErrorCode::BadRequest, message),
    }
}

/// Its query.
pub(crate) fn query(error: QueryRejection) -> ApiRejection {
    ApiRejection::new(400, ErrorCode::BadRequest, error.body_text())
}
