//! The operator's requests: those that carry the operator's token.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use common::frame::ErrorCode;
use transports::gate::ApiRejection;

use crate::operator_token::OperatorToken;

/// A request that carries the operator's token.
pub(crate) struct Operator;

impl<S: Sync> FromRequestParts<S> for Operator
where
    OperatorToken: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if OperatorToken::from_ref(state).is_in(&parts.headers) {
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
