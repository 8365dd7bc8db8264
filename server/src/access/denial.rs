//! Answers to requests that may not go on: people are led to the sign-in page, programs are told why.

use access::{Action, Denied};
use axum::{
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use common::frame::ErrorCode;
use transports::gate::ApiRejection;

use crate::operator::only_for_operators;

/// Answers a request whose principal may not do this.
pub(crate) fn denial(parts: &Parts, action: Action, denied: Denied, why: Option<&str>) -> Response {
    if denied == Denied::NotSignedIn && is_navigation(parts) {
        return to_sign_in(parts);
    }
    if denied == Denied::NotSignedIn && action == Action::ManageConnections {
        return only_for_operators(&parts.headers);
    }
    let mut rejection = ApiRejection::from(denied);
    if let Some(why) = why {
        rejection = ApiRejection::new(rejection.error().code, why);
    }
    let mut response = rejection.into_response();
    if denied == Denied::NotSignedIn {
        let challenge = if parts.headers.contains_key(header::AUTHORIZATION) {
            r#"Bearer realm="pulseboard", error="invalid_token""#
        } else {
            r#"Bearer realm="pulseboard""#
        };
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

/// Answers while accounts cannot be read.
pub(super) fn unavailable(parts: &Parts, why: &str) -> Response {
    tracing::warn!(path = parts.uri.path(), why, "accounts cannot be read");
    let message = "accounts cannot be read now: try again in a moment";
    let retry = std::time::Duration::from_secs(2);
    ApiRejection::new(ErrorCode::LogUnavailable, message).retry_after(retry).into_response()
}

/// True of a person's browser that opens a page.
fn is_navigation(parts: &Parts) -> bool {
    let accepts = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    matches!(parts.method, Method::GET | Method::HEAD)
        && accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

fn to_sign_in(parts: &Parts) -> Response {
    let asked = parts.uri.path_and_query().map_or("/", |asked| asked.as_str());
    let next: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", asked).finish();
    let place = if asked == "/" { "/sign-in".to_owned() } else { format!("/sign-in?{next}") };
    let headers = [(header::LOCATION, place), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}
