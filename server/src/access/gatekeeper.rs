//! The layer that asks on whose behalf a request is, and whether that may do what the address is for.

use std::sync::Arc;

use access::{Authorizer, Denied, Principal};
use axum::{
    extract::{MatchedPath, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};
use futures_util::future::BoxFuture;

use super::{
    authenticator::{AuthenticationError, Authenticator},
    caller::Caller,
    denial::{DenialPages, DeniedRequest, denial, unavailable},
    routes,
};

/// Knows the ways to prove who asks, and who may do what; cheap to clone.
#[derive(Clone)]
pub(crate) struct Gatekeeper {
    /// The ways, in the order in which they are tried.
    pub(crate) authenticators: Arc<[Arc<dyn Authenticator>]>,
    pub(crate) authorizer: Arc<dyn Authorizer>,
    /// The documents for people who may not go on.
    pub(crate) pages: Arc<dyn DenialPages>,
}

/// While there is no account, whoever reaches a server that listens on loopback only may do what needs no name. All of them are one
/// principal, so that the first account takes the rights of those, too, who are just being let in.
#[derive(Debug, Clone)]
pub(crate) struct OpenHouse(Arc<Principal>);

impl OpenHouse {
    pub(crate) fn new(is_open: bool) -> Self {
        let house = Self(Arc::new(Principal::open_house()));
        if !is_open {
            house.close();
        }
        house
    }

    /// True once there is an account, or where it never was.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.is_revoked()
    }

    /// Ends it for good: there is an account.
    pub(crate) fn close(&self) {
        self.0.revoke();
    }
}

impl Authenticator for OpenHouse {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Arc<Principal>>, AuthenticationError>> {
        let found = (!self.is_closed()).then(|| Arc::clone(&self.0));
        Box::pin(async move { Ok(found) })
    }
}

impl Gatekeeper {
    async fn principal(&self, parts: &Parts) -> Result<Arc<Principal>, AuthenticationError> {
        for way in &*self.authenticators {
            if let Some(principal) = way.authenticate(parts).await? {
                return Ok(principal);
            }
        }
        Ok(Arc::new(Principal::anonymous()))
    }
}

/// Lets a request through with its principal, or answers why not.
pub(crate) async fn guard(State(gatekeeper): State<Gatekeeper>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let action = routes::action(&parts.method, route, parts.uri.path());
    let principal = match gatekeeper.principal(&parts).await {
        Ok(principal) => principal,
        // Nobody has to sign in for this: a session that has ended, or a store that is away, does not matter.
        Err(_) if action.least_role().is_none() => Arc::new(Principal::anonymous()),
        Err(AuthenticationError::InvalidProof(why)) => {
            let principal = &Arc::new(Principal::anonymous());
            let denied = Denied::NotSignedIn;
            let request = DeniedRequest { parts: &parts, principal, action, denied, why: Some(why) };
            return denial(&*gatekeeper.pages, &request);
        }
        Err(AuthenticationError::Unavailable(error)) => {
            return unavailable(&*gatekeeper.pages, &parts, &error);
        }
    };
    if let Err(denied) = gatekeeper.authorizer.may(&principal, action, None) {
        let request = DeniedRequest { parts: &parts, principal: &principal, action, denied, why: None };
        return denial(&*gatekeeper.pages, &request);
    }
    let authorizer = Arc::clone(&gatekeeper.authorizer);
    parts.extensions.insert(Caller { principal: Arc::clone(&principal), authorizer });
    parts.extensions.insert(principal);
    next.run(Request::from_parts(parts, body)).await
}

#[cfg(test)]
mod tests {
    use axum::http::Request as HttpRequest;

    use super::*;

    #[tokio::test]
    async fn the_first_account_takes_the_rights_of_those_who_are_just_being_let_in() {
        let house = OpenHouse::new(true);
        let (parts, ()) = HttpRequest::new(()).into_parts();
        let let_in = house.authenticate(&parts).await.expect("it knows").expect("it is open");
        assert!(!let_in.is_revoked());
        house.close();
        assert!(let_in.is_revoked() && house.is_closed());
        assert!(house.authenticate(&parts).await.expect("it knows").is_none());
        assert!(OpenHouse::new(false).is_closed());
    }
}
