//! Ways to prove who asks.

use std::sync::Arc;

use access::Principal;
use axum::http::request::Parts;
use futures_util::future::BoxFuture;
use store::StoreError;

use crate::operator_token::OperatorToken;

/// Why it cannot be said on whose behalf a request is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AuthenticationError {
    /// The request carries a proof that is none, or is not valid any more. The next way is not tried.
    #[error("{0}")]
    InvalidProof(&'static str),
    /// The store of accounts does not answer now.
    #[error(transparent)]
    Unavailable(StoreError),
}

/// A way to prove who asks.
pub(crate) trait Authenticator: Send + Sync {
    /// Returns on whose behalf the request is; none where it carries no proof of this kind.
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Arc<Principal>>, AuthenticationError>>;
}

impl Authenticator for OperatorToken {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Arc<Principal>>, AuthenticationError>> {
        let found = self.is_in(&parts.headers).then(|| Arc::new(Principal::operator_token()));
        Box::pin(async move { Ok(found) })
    }
}
