//! Maps rejected requests to error answers.

use axum::{
    extract::rejection::{JsonRejection, QueryRejection},
    http::StatusCode,
};
use common::frame::ErrorCode;
use transports::gate::Refusal;

/// Its body.
pub(crate) fn body(error: JsonRejection) -> Refusal {
    let code = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::LimitReached,
        _ => ErrorCode::BadRequest,
    };
    Refusal::new(error.status().as_u16(), code, error.body_text())
}

/// Its query.
pub(crate) fn query(error: QueryRejection) -> Refusal {
    Refusal::new(400, ErrorCode::BadRequest, error.body_text())
}
