//! Answers to requests that may not go on: people are led to the sign-in page, programs are told why.

use std::{sync::Arc, time::Duration};

use access::{Action, Denied, Principal};
use axum::{
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use common::{door::paths, frame::ErrorCode, role::Role};
use store::StoreError;
use transports::gate::ApiRejection;

use crate::{BasePath, operator::only_for_operators};

/// Whoever is told that accounts cannot be read may ask again after this.
const RETRY: Duration = Duration::from_secs(2);

/// The documents that people get where they may not go on.
pub(crate) trait DenialPages: Send + Sync {
    /// Returns the path below which browsers find them.
    fn base(&self) -> &BasePath;
    /// Returns the document for whoever has signed in and has not the role; none where it cannot be made.
    fn forbidden(&self, parts: &Parts, principal: &Arc<Principal>, needs: Role) -> Option<Response>;
    /// Returns the document while accounts cannot be read; none where it cannot be made.
    fn unavailable(&self, parts: &Parts, error: &StoreError) -> Option<Response>;
}

/// A request that may not go on.
pub(super) struct DeniedRequest<'a> {
    pub(super) parts: &'a Parts,
    pub(super) principal: &'a Arc<Principal>,
    pub(super) action: Action,
    pub(super) denied: Denied,
    pub(super) why: Option<&'a str>,
}

/// Answers a request whose principal may not do this.
pub(super) fn denial(pages: &dyn DenialPages, request: &DeniedRequest<'_>) -> Response {
    let DeniedRequest { parts, principal, action, denied, why } = *request;
    if is_navigation(parts) {
        let page = match (denied, action.least_role()) {
            (Denied::NotSignedIn, _) => Some(to_sign_in(parts, pages.base())),
            (Denied::NotAllowed(_), Some(needs)) => pages.forbidden(parts, principal, needs),
            (Denied::NotAllowed(_), None) => None,
        };
        if let Some(page) = page {
            return page;
        }
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
pub(super) fn unavailable(pages: &dyn DenialPages, parts: &Parts, error: &StoreError) -> Response {
    if is_navigation(parts)
        && let Some(page) = pages.unavailable(parts, error)
    {
        return page;
    }
    tracing::warn!(path = parts.uri.path(), kind = error.kind(), %error, "accounts cannot be read");
    let message = "accounts cannot be read now: try again in a moment";
    ApiRejection::new(ErrorCode::StoreUnavailable, message).retry_after(RETRY).into_response()
}

/// True of a person's browser that opens a page.
fn is_navigation(parts: &Parts) -> bool {
    let accepts = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    matches!(parts.method, Method::GET | Method::HEAD)
        && accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

fn to_sign_in(parts: &Parts, base: &BasePath) -> Response {
    let asked = parts.uri.path_and_query().map_or("/", |asked| asked.as_str());
    let next: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", asked).finish();
    let sign_in = base.join(paths::SIGN_IN);
    let place = if asked == "/" { sign_in } else { format!("{sign_in}?{next}") };
    let headers = [(header::LOCATION, place), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}
