//! Invitations: a link with which someone becomes a user.

use std::fmt;

use common::role::Role;

use crate::{
    bounds::checked_ms,
    error::StoreError,
    future::StoreFuture,
    id::{InvitationId, UserId},
    secret::SecretHash,
    user::{NewUser, User},
};

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its number.
    pub id: InvitationId,
    /// The role of whoever accepts it.
    pub role: Role,
    /// The user who invites.
    pub created_by: UserId,
    /// When it was made.
    pub created_ms: u64,
    /// When it ends.
    pub expires_ms: u64,
    /// The user who has accepted it.
    pub accepted_by: Option<UserId>,
}

/// An invitation to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// The hash of the link's secret.
    pub secret: SecretHash,
    /// The role of whoever accepts it.
    pub role: Role,
    /// The user who invites.
    pub created_by: UserId,
    /// The time now.
    pub created_ms: u64,
    /// When it ends.
    pub expires_ms: u64,
}

impl NewInvitation {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        checked_ms(self.created_ms)?;
        checked_ms(self.expires_ms).map(|_| ())
    }
}

/// The invitations of a store. One is open until it is accepted, revoked or past its end, and while its maker is an active admin.
pub trait InvitationStore: fmt::Debug + Send + Sync {
    /// Makes an invitation. [`StoreError::NotFound`] where there is no such user.
    fn create(&self, new: NewInvitation) -> StoreFuture<Invitation>;

    /// Finds an invitation that was not revoked, and whose maker is an active admin, by the hash of its secret. It may be accepted already,
    /// or past its end.
    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<Invitation>>;

    /// Lists open invitations, the newest first, at most [`PAGE`](crate::PAGE).
    fn open(&self, now_ms: u64) -> StoreFuture<Vec<Invitation>>;

    /// Takes an invitation back. False where there is none, or it was accepted.
    fn revoke(&self, id: InvitationId) -> StoreFuture<bool>;

    /// Makes the user and uses the invitation up, in one transaction; none where it is not open. The role is the invitation's,
    /// whatever `new` says. Where the name is taken the invitation stays open.
    fn accept(&self, secret: SecretHash, new: NewUser, now_ms: u64) -> StoreFuture<Option<User>>;
}
