//! The operator's requests: those that carry the operator's token.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use common::frame::ErrorCode;
use transports::gate::ApiRejection;

use crate::state::App;

/// A request that carries the operator's token.
pub(crate) struct Operator;

impl FromRequestParts<App> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        if app.operator.is_in(&parts.headers) {
            return Ok(Self);
        }
        let (message, challenge) = if parts.headers.contains_key(header::AUTHORIZATION) {
            ("this is not the operator's token", r#"Bearer realm="pulseboard", error="invalid_token""#)
        } else {
            (
                "this is for operators: send the operator's token as `Authorization: Bearer TOKEN`",
                r#"Bearer realm="pulseboard""#,
            )
        };
        let mut response = ApiRejection::new(ErrorCode::OperatorOnly, message).into_response();
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        Err(response)
    }
}
