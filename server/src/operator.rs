//! The answer to requests for what only operators may see.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use common::frame::ErrorCode;
use transports::gate::ApiRejection;

/// Answers a request for other people's connections that carries no proof.
pub(crate) fn only_for_operators(headers: &HeaderMap) -> Response {
    let (message, challenge) = if headers.contains_key(header::AUTHORIZATION) {
        ("this is not the operator's token", r#"Bearer realm="pulseboard", error="invalid_token""#)
    } else {
        (
            "this is for operators: send the operator's token as `Authorization: Bearer TOKEN`",
            r#"Bearer realm="pulseboard""#,
        )
    };
    let mut response = ApiRejection::new(ErrorCode::OperatorOnly, message).into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response
}
