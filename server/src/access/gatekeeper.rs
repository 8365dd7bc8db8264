//! The layer that asks on whose behalf a request is, and whether that may do what the address is for.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

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

/// While there is no account, whoever reaches a server that listens on loopback only may do what needs no name.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenHouse(Arc<AtomicBool>);

impl OpenHouse {
    pub(crate) fn new(is_open: bool) -> Self {
        Self(Arc::new(AtomicBool::new(is_open)))
    }

    /// True once there is an account, or where it never was.
    pub(crate) fn is_closed(&self) -> bool {
        !self.0.load(Relaxed)
    }

    /// Ends it for good: there is an account.
    pub(crate) fn close(&self) -> bool {
        self.0.swap(false, Relaxed)
    }
}

impl Authenticator for OpenHouse {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Arc<Principal>>, AuthenticationError>> {
        let found = self.0.load(Relaxed).then(|| Arc::new(Principal::open_house()));
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
    let action = routes::action(route, parts.uri.path());
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
