//! Maps rejected requests to error answers.

use axum::{
    extract::rejection::{JsonRejection, QueryRejection},
    http::StatusCode,
};
use common::frame::ErrorCode;
use transports::gate::ApiRejection;

/// Its body.
pub(crate) fn body(error: JsonRejection) -> ApiRejection {
    let code = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::LimitReached,
        _ => ErrorCode::BadRequest,
    };
    ApiRejection::new(error.status().as_u16(), code, error.body_text())
}

/// Its query.
pub(crate) fn query(error: QueryRejection) -> ApiRejection {
    ApiRejection::new(400, ErrorCode::BadRequest, error.body_text())
}
