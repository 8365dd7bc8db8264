//! The proofs that requests carry: a session's cookie, and a token.

use std::sync::Arc;

use access::Principal;
use axum::http::{HeaderMap, header, request::Parts};
use futures_util::future::BoxFuture;
use store::SecretHash;

use super::{
    cookies::{Cookie, CookieScope},
    directory::{AccountDirectory, CredentialKind},
};
use crate::{
    BasePath,
    access::{AuthenticationError, Authenticator},
};

/// Agents' keys begin with this.
pub(crate) const AGENT_KEY_PREFIX: &str = "pba_";

/// The session that a browser's cookie names.
#[derive(Debug, Clone)]
pub(crate) struct SessionCookie {
    pub(crate) accounts: AccountDirectory,
    /// The server itself speaks TLS.
    pub(crate) tls: bool,
    pub(crate) base: BasePath,
}

/// The token that a program sends (RFC 6750 §2.1).
#[derive(Debug, Clone)]
pub(crate) struct BearerToken(pub(crate) AccountDirectory);

/// The key that a host's agent sends, as programs send tokens.
#[derive(Debug, Clone)]
pub(crate) struct AgentKey(pub(crate) AccountDirectory);

type Authenticated<'a> = BoxFuture<'a, Result<Option<Arc<Principal>>, AuthenticationError>>;

impl Authenticator for SessionCookie {
    fn authenticate<'a>(&'a self, parts: &'a Parts) -> Authenticated<'a> {
        Box::pin(async move {
            let scope = CookieScope::of(parts, self.tls, &self.base);
            let Some(secret) = Cookie::Session.read(&parts.headers, &scope) else { return Ok(None) };
            let found = self.accounts.principal(CredentialKind::Session, secret).await;
            found.map_err(AuthenticationError::Unavailable)
        })
    }
}

impl Authenticator for AgentKey {
    fn authenticate<'a>(&'a self, parts: &'a Parts) -> Authenticated<'a> {
        Box::pin(async move {
            let Some(key) = agent_key(&parts.headers) else { return Ok(None) };
            let found = self.0.store().hosts().by_secret(&SecretHash::of(key.as_bytes())).await;
            match found.map_err(AuthenticationError::Unavailable)? {
                Some(host) => Ok(Some(Arc::new(Principal::agent(host.id.0, &host.name)))),
                None => Err(AuthenticationError::InvalidProof(
                    "this agent's key is not valid: its host was removed, or never was",
                )),
            }
        })
    }
}

impl Authenticator for BearerToken {
    fn authenticate<'a>(&'a self, parts: &'a Parts) -> Authenticated<'a> {
        Box::pin(async move {
            // While there are no accounts, nobody has tokens either.
            if !self.0.is_open_house_closed() {
                return Ok(None);
            }
            if in_address(parts) {
                let why = "a token in an address stands in logs and histories: send it as `Authorization: Bearer TOKEN`";
                return Err(AuthenticationError::InvalidProof(why));
            }
            // Other schemes are those of a proxy before us, whose own sign-in a browser repeats here.
            let lines = parts.headers.get_all(header::AUTHORIZATION).iter();
            let mut tokens = lines.filter_map(|value| bearer(value.to_str().ok()?));
            let (Some(token), second) = (tokens.next(), tokens.next()) else { return Ok(None) };
            if second.is_some() {
                return Err(AuthenticationError::InvalidProof("a request carries one token"));
            }
            match self.0.principal(CredentialKind::Token, token).await {
                Ok(Some(principal)) => Ok(Some(principal)),
                Ok(None) => Err(AuthenticationError::InvalidProof(
                    "this token is not valid: it was revoked, has expired, or never was",
                )),
                Err(error) => Err(AuthenticationError::Unavailable(error)),
            }
        })
    }
}

/// Returns the key of an agent's request.
pub(crate) fn agent_key(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::AUTHORIZATION).iter();
    let mut keys = lines.filter_map(|value| bearer(value.to_str().ok()?));
    keys.next().filter(|key| key.starts_with(AGENT_KEY_PREFIX))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// True of an address that carries a token, as those of other systems do.
fn in_address(parts: &Parts) -> bool {
    let is_for_programs = ["/api/", "/live/", "/metrics", "/sse/", "/socket.io"];
    if !is_for_programs.iter().any(|place| parts.uri.path().starts_with(place)) {
        return false;
    }
    let mut names = parts.uri.query().into_iter().flat_map(|query| query.split('&'));
    names.any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        ["access_token", "token", "api_key", "apikey"].iter().any(|known| name.eq_ignore_ascii_case(known))
    })
}
