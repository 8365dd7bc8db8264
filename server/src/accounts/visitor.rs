//! Whoever reads a document of the front door or sends one of its forms.

use std::{net::IpAddr, sync::Arc};

use access::{Credential, Principal};
use app::door::{DoorContext, DoorUser, MessagePage, message};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use common::{door::paths, frame::ErrorCode, role::Role};
use store::{NewAudit, SessionId, StoreError, UserId};
use transports::{
    conn::Peer,
    gate::{ApiRejection, Client},
};

use super::{
    cookies::{Cookie, CookieScope},
    directory::AccountDirectory,
    secrets::{self, NoRandom},
};
use crate::{
    BasePath,
    access::DenialPages,
    feature::PageState,
    web::{headers, reader::Reader},
};

/// A form's cookie holds for so many seconds: as long as a page may stand open before its form is sent.
const FORM_SECONDS: u64 = 24 * 60 * 60;

/// The state of every route of the front door; cheap to clone.
#[derive(Clone)]
pub(crate) struct DoorState {
    pub(crate) accounts: AccountDirectory,
    pub(crate) pages: PageState,
    /// The server itself speaks TLS.
    pub(crate) tls: bool,
}

/// Whoever reads a document of the front door or sends one of its forms.
pub(crate) struct Visitor {
    pub(crate) accounts: AccountDirectory,
    pages: PageState,
    headers: HeaderMap,
    pub(super) scope: CookieScope,
    /// The document that was opened, where it can be opened again in another language.
    document: Option<String>,
    /// The host that a trusted proxy, or the address of HTTP/2, names.
    host: Option<String>,
    pub(crate) address: IpAddr,
    pub(crate) principal: Arc<Principal>,
    /// The secret that ties forms to this browser: its session, or the cookie of forms.
    secret: String,
    /// The cookie of forms has to be set.
    is_new: bool,
}

impl<S: Sync> FromRequestParts<S> for Visitor
where
    DoorState: FromRef<S>,
{
    type Rejection = ApiRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiRejection> {
        let principal = parts.extensions.get::<Arc<Principal>>().cloned();
        let principal = principal.unwrap_or_else(|| Arc::new(Principal::anonymous()));
        Self::of(parts, DoorState::from_ref(state), principal)
            .map_err(|error| ApiRejection::new(ErrorCode::Internal, error.to_string()))
    }
}

impl DenialPages for DoorState {
    fn base(&self) -> &BasePath {
        &self.pages.base
    }

    fn forbidden(&self, parts: &Parts, principal: &Arc<Principal>, needs: Role) -> Option<Response> {
        let visitor = Visitor::of(parts, self.clone(), Arc::clone(principal)).ok()?;
        Some(visitor.tell(StatusCode::FORBIDDEN, MessagePage::Forbidden { needs }))
    }

    fn unavailable(&self, parts: &Parts, error: &StoreError) -> Option<Response> {
        let visitor = Visitor::of(parts, self.clone(), Arc::new(Principal::anonymous())).ok()?;
        Some(visitor.store_failed(error))
    }
}

fn is_session(principal: &Principal) -> bool {
    matches!(principal.credential, Credential::Session(_))
}

impl Visitor {
    fn of(parts: &Parts, state: DoorState, principal: Arc<Principal>) -> Result<Self, NoRandom> {
        let DoorState { accounts, pages, tls } = state;
        let scope = CookieScope::of(parts, tls, &pages.base);
        let session = Cookie::Session.read(&parts.headers, &scope).filter(|_| is_session(&principal));
        let kept = session.or_else(|| Cookie::Form.read(&parts.headers, &scope)).map(str::to_owned);
        let is_new = kept.is_none();
        let secret = match kept {
            Some(kept) => kept,
            None => secrets::make("")?,
        };
        let address = parts.extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
        let told = parts.extensions.get::<Client>().and_then(|client| client.host.clone());
        let host = told.or_else(|| parts.uri.authority().map(ToString::to_string));
        let document = reopened(parts);
        let headers = parts.headers.clone();
        Ok(Self { document, accounts, pages, headers, scope, host, address, principal, secret, is_new })
    }

    /// Returns the account and the session of a person who has signed in. A program's token is no person, and so no account to change.
    pub(super) fn signed_in(&self) -> Option<(UserId, SessionId)> {
        match (self.principal.user, &self.principal.credential) {
            (Some(user), Credential::Session(session)) => Some((UserId(user), SessionId(*session))),
            _ => None,
        }
    }

    /// Returns a cookie of the server's own.
    pub(super) fn cookie(&self, cookie: Cookie) -> Option<&str> {
        cookie.read(&self.headers, &self.scope)
    }

    /// Returns the origin as the browser has named it.
    pub(crate) fn origin(&self) -> String {
        let host = self.headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let host = self.host.as_deref().or(host).unwrap_or_default();
        format!("{}://{host}", if self.scope.is_secure() { "https" } else { "http" })
    }

    /// Returns the path below which the browser finds the board.
    pub(super) fn base(&self) -> &BasePath {
        &self.pages.base
    }

    /// Returns an address of the board as it is given to others.
    pub(crate) fn whole_address(&self, address: &str) -> String {
        self.origin() + &self.pages.base.join(address)
    }

    /// True of a form that came from a page of ours in this browser.
    pub(crate) fn has_sent(&self, csrf: &str) -> bool {
        !self.is_new && secrets::are_equal(csrf, &self.form_token())
    }

    /// Returns what every form of this browser carries.
    pub(super) fn form_token(&self) -> String {
        secrets::form_token(&self.secret)
    }

    /// The browser, in its own words.
    pub(super) fn agent(&self) -> String {
        let agent =
            self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        agent.chars().take(256).collect()
    }

    /// An entry of the audit log about something that the visitor did.
    pub(crate) fn did(&self, action: &str, object: impl Into<String>, detail: impl Into<String>) -> NewAudit {
        let actor = match (self.principal.user, &self.principal.credential) {
            (Some(user), Credential::Token(token, _)) => {
                format!("token:{token} of user:{user} {}", self.principal.name)
            }
            (Some(user), _) => format!("user:{user} {}", self.principal.name),
            (None, Credential::OperatorToken) => "operator token".to_owned(),
            (None, _) => "nobody".to_owned(),
        };
        NewAudit {
            at_ms: self.accounts.now(),
            actor,
            action: action.to_owned(),
            object: object.into(),
            address: self.address.to_string(),
            detail: detail.into(),
        }
    }

    pub(crate) fn context(&self) -> DoorContext {
        let reader = Reader::of_headers(self.pages.clone(), self.headers.clone());
        let user = self
            .principal
            .role
            .filter(|_| is_session(&self.principal))
            .map(|role| DoorUser { name: self.principal.name.to_string(), role });
        let site = self.pages.site.options.clone();
        let context = DoorContext::new(site, &reader, self.form_token(), user);
        DoorContext { document: self.document.clone(), ..context }
    }

    /// Answers with a document, and with the cookie of forms where the browser has none.
    pub(crate) fn answer(&self, status: StatusCode, html: String) -> Response {
        self.answer_under(headers::FORMS, status, html)
    }

    /// Answers with a document that asks the browser for a passkey.
    pub(super) fn answer_with_passkeys(&self, status: StatusCode, html: String) -> Response {
        self.answer_under(&headers::PASSKEYS, status, html)
    }

    /// Answers with a document that asks the browser for a passkey, or to show notices.
    pub(super) fn answer_with_devices(&self, status: StatusCode, html: String) -> Response {
        self.answer_under(&headers::DEVICES, status, html)
    }

    /// Answers with a document that follows streams.
    pub(crate) fn answer_with_streams(&self, status: StatusCode, html: String) -> Response {
        self.answer_under(&headers::STREAMS, status, html)
    }

    /// Answers with a document that points at charts and follows the time.
    pub(crate) fn answer_with_explorer(&self, status: StatusCode, html: String) -> Response {
        self.answer_under(&headers::EXPLORE, status, html)
    }

    /// Answers with a dashboard.
    pub(crate) fn answer_with_dashboard(&self, status: StatusCode, html: String) -> Response {
        self.answer_under(&headers::DASHBOARDS, status, html)
    }

    /// Answers with the document of hosts.
    pub(crate) fn answer_with_hosts(&self, status: StatusCode, html: String) -> Response {
        self.answer_under(&headers::HOSTS, status, html)
    }

    fn answer_under(&self, policy: &str, status: StatusCode, html: String) -> Response {
        let head = [
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::VARY, "accept-language, cookie"),
        ];
        let mut response = (status, head, Html(html)).into_response();
        if self.is_new {
            add(&mut response, Cookie::Form.set(&self.secret, &self.scope, FORM_SECONDS));
        }
        response
    }

    /// Answers with a document that only says something.
    pub(super) fn tell(&self, status: StatusCode, page: MessagePage) -> Response {
        self.answer(status, message(&self.context(), page))
    }

    /// Answers while the store does not do what it should. The id stands in the server's log, too.
    pub(crate) fn store_failed(&self, error: &StoreError) -> Response {
        let id = self.failure_id(error);
        self.tell(StatusCode::SERVICE_UNAVAILABLE, MessagePage::StoreUnavailable { id })
    }

    /// Logs a failure of the store and returns the id of its line.
    pub(crate) fn failure_id(&self, error: &StoreError) -> String {
        let id = self.new_id(503);
        tracing::error!(id, kind = error.kind(), %error, "the store of accounts failed");
        id
    }

    /// Logs a failure of something else than the store and returns the id of its line.
    pub(super) fn failure_id_of(&self, what: &str, error: &dyn std::error::Error) -> String {
        let id = self.new_id(502);
        tracing::error!(id, error = error.to_string(), "{what}");
        id
    }

    fn new_id(&self, status: u16) -> String {
        let now = self.accounts.now();
        format!("{status}-{}-{:03}", app::live::minute(now), now % 1_000)
    }

    /// Answers a form whose token is none of this browser's.
    pub(crate) fn form_expired(&self) -> Response {
        self.tell(StatusCode::FORBIDDEN, MessagePage::FormExpired)
    }

    /// Leads on to another address of the board.
    pub(crate) fn lead_to(&self, address: &str) -> Response {
        self.lead_away(&self.pages.base.join(address))
    }

    /// Leads on to an address that need not be the board's.
    pub(super) fn lead_away(&self, address: &str) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let address = HeaderValue::try_from(address).unwrap_or(HeaderValue::from_static("/"));
        response.headers_mut().insert(header::LOCATION, address);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Returns the address of a document for whoever has not signed in, if its address alone opens it.
fn reopened(parts: &Parts) -> Option<String> {
    const DOCUMENTS: [&str; 4] = [paths::SET_UP, paths::SIGN_IN, paths::SIGN_IN_CODE, paths::INVITATION];
    let is_one = parts.method == Method::GET && DOCUMENTS.contains(&parts.uri.path());
    let address = parts.uri.path_and_query().filter(|_| is_one)?.as_str();
    own_path(Some(address)).map(str::to_owned)
}

/// Adds a cookie to an answer.
pub(super) fn add(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Returns an address to go on to, if it is a path of the board.
pub(crate) fn own_path(next: Option<&str>) -> Option<&str> {
    let next = next?;
    // Browsers take a backslash for a slash, and leave out tabs and line ends (WHATWG URL §4.4).
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    // Segments of dots would lead out of the base path (WHATWG URL §4.1), to whatever else the host has.
    let climbs = next.split(['?', '#']).next().is_some_and(|path| {
        path.split('/').any(|segment| matches!(&*segment.to_lowercase().replace("%2e", "."), "." | ".."))
    });
    (is_path && !climbs && next.len() <= 2_000 && next.bytes().all(|byte| (0x21..0x7f).contains(&byte)))
        .then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_gone_on_to() {
        for path in ["/", "/chat?room=a#b", "/%2f/evil.example", "/a..b/.c?d=../e#/../f"] {
            assert_eq!(own_path(Some(path)), Some(path));
        }
        for other in [
            "",
            "chat",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/a b",
            "/../other",
            "/a/./b",
            "/a/%2E%2e/other?b",
            "/.%2e",
            "/가",
        ] {
            assert_eq!(own_path(Some(other)), None, "{other:?}");
        }
        assert_eq!(own_path(None), None);
    }
}
