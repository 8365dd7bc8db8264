//! Identities: an account of a user at a provider of OpenID Connect.

use std::fmt;

use crate::{
    bounds::{ISSUER_BYTES, SUBJECT_BYTES, check_word},
    error::StoreError,
    future::StoreFuture,
    id::UserId,
    user::{NewUser, User},
};

/// A person as a provider knows it. Only both together name one, and for good (OpenID Connect Core §5.7): names and addresses are given
/// to others later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider's issuer identifier.
    pub issuer: String,
    /// The provider's own word for the person.
    pub subject: String,
}

impl Identity {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_word("issuer", &self.issuer, ISSUER_BYTES)?;
        check_word("subject", &self.subject, SUBJECT_BYTES)
    }
}

/// The identities of a store. Each belongs to one user; a user may have several.
pub trait IdentityStore: fmt::Debug + Send + Sync {
    /// Finds the user of an identity, who may be disabled.
    fn user(&self, identity: &Identity) -> StoreFuture<Option<User>>;

    /// Makes a user with an identity, in one transaction. [`StoreError::IdentityTaken`] where a user has it already, and
    /// [`StoreError::NameTaken`] where another has the name.
    fn create_user(&self, identity: Identity, new: NewUser) -> StoreFuture<User>;

    /// Gives an identity to a user. [`StoreError::IdentityTaken`] where another has it, and [`StoreError::NotFound`] where there is no
    /// such user.
    fn bind(&self, identity: Identity, user: UserId, now_ms: u64) -> StoreFuture<()>;

    /// Takes the identities of a user away and returns them.
    fn unbind(&self, user: UserId) -> StoreFuture<Vec<Identity>>;

    /// Lists the identities of a user.
    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Identity>>;
}
