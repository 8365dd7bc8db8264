//! Maps what extractors reject to the errors of the HTTP API.

use axum::{
    extract::rejection::{JsonRejection, PathRejection, QueryRejection},
    http::StatusCode,
};
use common::{frame::ErrorCode, limit::LimitName, status::ExactStatus};
use transports::gate::ApiRejection;

/// Rejects a request for its body, which may have `longest` bytes.
pub(crate) fn body(error: &JsonRejection, longest: usize) -> ApiRejection {
    let message = error.body_text();
    match error {
        JsonRejection::JsonDataError(_) => ApiRejection::exact(ExactStatus::UnprocessableContent, message),
        JsonRejection::MissingJsonContentType(_) => {
            ApiRejection::exact(ExactStatus::UnsupportedMediaType, message)
        }
        _ if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            ApiRejection::limit_reached(LimitName::BodyBytes, longest, message)
        }
        _ => ApiRejection::new(ErrorCode::BadRequest, message),
    }
}

/// Rejects a request for its query.
pub(crate) fn query(error: QueryRejection) -> ApiRejection {
    ApiRejection::new(ErrorCode::BadRequest, error.body_text())
}

/// Rejects a request for a segment of its address, such as one that is no UTF-8.
pub(crate) fn segment(error: PathRejection) -> ApiRejection {
    ApiRejection::new(ErrorCode::BadRequest, error.body_text())
}
