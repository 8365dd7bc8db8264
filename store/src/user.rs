//! Users, their passwords and second factors.

use std::fmt;

use common::role::Role;

use crate::{
    bounds::{
        NAME_BYTES, PASSWORD_BYTES, RECOVERY_CODES, TOTP_BYTES, check_count, check_word, checked_ms, invalid,
    },
    error::StoreError,
    future::StoreFuture,
    id::{SessionId, UserId},
    secret::{PasswordHash, SecretHash, TotpSecret},
};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its number.
    pub id: UserId,
    /// The name as people see it.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// When it was made.
    pub created_ms: u64,
    /// When it was disabled; none while it is active.
    pub disabled_ms: Option<u64>,
    /// The hash of its password; none where it signs in otherwise.
    pub password: Option<PasswordHash>,
    /// The key of its one-time passwords; none where it has no second factor.
    pub totp: Option<TotpSecret>,
    /// The newest step whose one-time password was used (RFC 6238: time divided by the period).
    pub totp_step: Option<u64>,
}

/// A user to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The name as people see it.
    pub name: String,
    /// The name folded by the caller: two names that look alike have one key.
    pub name_key: String,
    /// Its role.
    pub role: Role,
    /// The hash of its password.
    pub password: Option<PasswordHash>,
    /// The time now.
    pub created_ms: u64,
}

impl NewUser {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_word("name", &self.name, NAME_BYTES)?;
        check_word("folded name", &self.name_key, NAME_BYTES)?;
        self.password.as_ref().map_or(Ok(()), checked_password)?;
        checked_ms(self.created_ms).map(|_| ())
    }
}

/// Checks the bounds of a password's hash. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_password(hash: &PasswordHash) -> Result<(), StoreError> {
    check_word("password hash", &hash.0, PASSWORD_BYTES)
}

/// Checks the bounds of a key of one-time passwords. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_totp(secret: &TotpSecret) -> Result<(), StoreError> {
    match secret.0.len() {
        0 => Err(invalid("one-time password key", "is empty")),
        1..=TOTP_BYTES => Ok(()),
        size => Err(invalid(
            "one-time password key",
            &format!("has {size} bytes, and at most {TOTP_BYTES} are kept"),
        )),
    }
}

/// Checks the number of recovery codes. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_codes(codes: &[SecretHash]) -> Result<(), StoreError> {
    check_count("recovery codes", codes.len(), RECOVERY_CODES)
}

/// The users of a store.
///
/// An admin is active unless it is disabled. No call leaves a store that had an active admin without one: it is
/// [`StoreError::LastAdmin`] instead.
pub trait UserStore: fmt::Debug + Send + Sync {
    /// Makes a user. A name whose key another user has is [`StoreError::NameTaken`].
    fn create(&self, new: NewUser) -> StoreFuture<User>;

    /// Makes the first user; none where there is one already. Of two that try at once, one succeeds.
    fn create_first(&self, new: NewUser) -> StoreFuture<Option<User>>;

    /// Returns true if there is a user.
    fn any(&self) -> StoreFuture<bool>;

    /// Finds a user by its number.
    fn by_id(&self, id: UserId) -> StoreFuture<Option<User>>;

    /// Finds a user by its folded name.
    fn by_name_key(&self, name_key: &str) -> StoreFuture<Option<User>>;

    /// Lists users by their numbers, after one of them, at most [`PAGE`](crate::PAGE).
    fn list(&self, after: Option<UserId>, limit: usize) -> StoreFuture<Vec<User>>;

    /// Sets the password and ends the sessions, all but one where it is named. Returns those that ended. [`StoreError::NotFound`] where
    /// there is no such user; so are the calls below.
    fn set_password(
        &self,
        id: UserId,
        hash: PasswordHash,
        except: Option<SessionId>,
    ) -> StoreFuture<Vec<SessionId>>;

    /// Sets the role.
    fn set_role(&self, id: UserId, role: Role) -> StoreFuture<()>;

    /// Disables a user at a time and ends its sessions, or enables it again. Its tokens stay: whoever finds one looks at its user.
    fn set_disabled(&self, id: UserId, disabled_ms: Option<u64>) -> StoreFuture<()>;

    /// Sets the key of one-time passwords, of which none was used so far. Without a key the second factor is gone, and so are the
    /// recovery codes.
    fn set_totp(&self, id: UserId, secret: Option<TotpSecret>) -> StoreFuture<()>;

    /// Turns the second factor on: a key whose password of this step was given, and recovery codes. False where it is on already.
    fn turn_totp_on(
        &self,
        id: UserId,
        secret: TotpSecret,
        step: u64,
        codes: Vec<SecretHash>,
    ) -> StoreFuture<bool>;

    /// Uses up a step of one-time passwords. False where that step or a later one was used, or there is no key (RFC 6238 §5.2).
    fn take_totp_step(&self, id: UserId, step: u64) -> StoreFuture<bool>;

    /// Replaces the recovery codes.
    fn set_recovery_codes(&self, id: UserId, codes: Vec<SecretHash>) -> StoreFuture<()>;

    /// Uses up a recovery code. False where the user has no such code, or no longer.
    fn take_recovery_code(&self, id: UserId, code: SecretHash) -> StoreFuture<bool>;

    /// Counts the recovery codes that are left.
    fn recovery_codes_left(&self, id: UserId) -> StoreFuture<usize>;
}
