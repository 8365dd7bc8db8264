//! Sessions: a browser in which a user has signed in.

use std::fmt;

use crate::{
    bounds::{ADDRESS_BYTES, AGENT_BYTES, check_text, checked_ms},
    error::StoreError,
    future::StoreFuture,
    id::{SessionId, UserId},
    secret::{PasswordHash, SecretHash},
    user::User,
};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// Its user.
    pub user: UserId,
    /// When it began.
    pub created_ms: u64,
    /// When it ends, however much it is used.
    pub expires_ms: u64,
    /// When it was last used, as far as it was told.
    pub seen_ms: u64,
    /// The address at which it began.
    pub address: String,
    /// The browser's name for itself.
    pub agent: String,
}

/// A session to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its user.
    pub user: UserId,
    /// The hash of the password that its user has just proved. Where the user has another one by now, no session begins. None where
    /// the proof was another.
    pub password: Option<PasswordHash>,
    /// The hash of the cookie.
    pub secret: SecretHash,
    /// The time now.
    pub created_ms: u64,
    /// When it ends.
    pub expires_ms: u64,
    /// The browser's address.
    pub address: String,
    /// The browser's name for itself.
    pub agent: String,
}

impl NewSession {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_text("address", &self.address, ADDRESS_BYTES)?;
        check_text("browser's name", &self.agent, AGENT_BYTES)?;
        checked_ms(self.created_ms)?;
        checked_ms(self.expires_ms).map(|_| ())
    }
}

/// The sessions of a store. It reads no clock: whoever finds a session looks at its times and at its user's.
pub trait SessionStore: fmt::Debug + Send + Sync {
    /// Begins a session. [`StoreError::NotFound`] where there is no such user, or it is disabled, or its password is not the one that was
    /// proved. Of more than [`SESSIONS`](crate::SESSIONS) the oldest end.
    fn create(&self, new: NewSession) -> StoreFuture<Session>;

    /// Finds a session by the hash of its cookie, with its user, who may be disabled.
    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<(Session, User)>>;

    /// Notes that it was used. A time earlier than the one noted changes nothing. False where there is no such session.
    fn touch(&self, id: SessionId, seen_ms: u64) -> StoreFuture<bool>;

    /// Lists the sessions of a user, the newest first, at most [`PAGE`](crate::PAGE).
    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Session>>;

    /// Ends a session. False where there is none.
    fn revoke(&self, id: SessionId) -> StoreFuture<bool>;

    /// Ends the sessions of a user, all but one where it is named. Returns those that ended.
    fn revoke_of_user(&self, user: UserId, except: Option<SessionId>) -> StoreFuture<Vec<SessionId>>;

    /// Ends sessions whose end was before `expired_before_ms`, and those last used before `idle_since_ms`. Returns those that ended.
    fn sweep(&self, expired_before_ms: u64, idle_since_ms: u64) -> StoreFuture<Vec<SessionId>>;
}
