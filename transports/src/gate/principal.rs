//! On whose behalf a request is.

use std::sync::Arc;

use access::{Denied, Principal};
use axum::http::Extensions;
use common::frame::ErrorCode;

use super::ApiRejection;

/// Returns on whose behalf a request is. Where no layer before has said so, nobody has proved anything.
pub(crate) fn principal(extensions: &Extensions) -> Arc<Principal> {
    extensions.get::<Arc<Principal>>().cloned().unwrap_or_else(|| Arc::new(Principal::anonymous()))
}

impl From<Denied> for ApiRejection {
    fn from(denied: Denied) -> Self {
        let code = match denied {
            Denied::NotSignedIn => ErrorCode::NotSignedIn,
            Denied::NotAllowed(_) => ErrorCode::NotAllowed,
        };
        Self::new(code, denied.to_string())
    }
}
