//! Whoever sends a request, for handlers that learn from the request itself what it is about.

use std::{convert::Infallible, sync::Arc};

use access::{AccessTable, Action, Authorizer, Credential, Principal};
use axum::{extract::FromRequestParts, http::request::Parts};
use common::{Topic, notice::NoticeAudience, role::Role};
use transports::gate::ApiRejection;

/// Whoever sends a request; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) principal: Arc<Principal>,
    pub(super) authorizer: Arc<dyn Authorizer>,
}

impl Caller {
    /// Reports that the caller may read the hosts and the server's own figures.
    pub(crate) fn may_read_figures(&self) -> bool {
        self.may_do(Action::ReadFigures)
    }

    /// Reports that the caller may do this, of what is about no topic.
    pub(crate) fn may_do(&self, action: Action) -> bool {
        self.authorizer.may(&self.principal, action, None).is_ok()
    }

    /// True of whoever has not signed in where there are accounts: what tells of people is not for them.
    pub(crate) fn is_stranger(&self) -> bool {
        !self.principal.is_signed_in() && self.principal.credential != Credential::OpenHouse
    }

    /// Returns the readers of notices among whom the caller is.
    pub(crate) fn notice_audiences(&self) -> Vec<NoticeAudience> {
        let user = self.principal.user.unwrap_or_default();
        let roles = Role::ALL.map(NoticeAudience::Role);
        let all = [NoticeAudience::All, NoticeAudience::User(user)].into_iter().chain(roles);
        all.filter(|audience| self.may(Action::ReadTopic, &audience.topic()).is_ok()).collect()
    }

    /// Checks that the caller may do this with a topic.
    ///
    /// # Errors
    /// A refusal that says why it may not.
    pub(crate) fn may(&self, action: Action, topic: &Topic) -> Result<(), ApiRejection> {
        Ok(self.authorizer.may(&self.principal, action, Some(topic))?)
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Every route is behind the gatekeeper, which says who asks. Without it nobody has proved anything.
        let nobody = || Self {
            principal: Arc::new(Principal::anonymous()),
            authorizer: Arc::new(AccessTable::default()),
        };
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(nobody))
    }
}
