//! Passkeys: credentials of WebAuthn, with which a person signs in by a device.

use std::fmt;

use crate::{
    bounds::{
        CREDENTIAL_BYTES, CREDENTIAL_ID_BYTES, DOMAIN_BYTES, NAME_BYTES, check_word, checked_ms, invalid,
    },
    error::StoreError,
    future::StoreFuture,
    id::{PasskeyId, UserId},
    secret::SecretHash,
    user::User,
};

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its number.
    pub id: PasskeyId,
    /// The user whose passkey it is.
    pub user: UserId,
    /// The name that its owner gave it.
    pub name: String,
    /// The domain of the site that it belongs to (WebAuthn: the RP ID). Browsers offer it nowhere else.
    pub domain: String,
    /// The credential as the caller writes it: its public key and its counter. It is no secret.
    pub credential: String,
    /// When it was made.
    pub created_ms: u64,
    /// When it was last used.
    pub last_used_ms: Option<u64>,
}

/// A passkey to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPasskey {
    /// The user whose passkey it is.
    pub user: UserId,
    /// The name that its owner gives it.
    pub name: String,
    /// The domain of the site.
    pub domain: String,
    /// The id of the credential, which is one passkey's in the whole store.
    pub credential_id: Vec<u8>,
    /// The credential as the caller writes it.
    pub credential: String,
    /// The time now.
    pub created_ms: u64,
}

impl NewPasskey {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_word("name", &self.name, NAME_BYTES)?;
        check_word("domain", &self.domain, DOMAIN_BYTES)?;
        checked_credential(&self.credential)?;
        match self.credential_id.len() {
            0 => return Err(invalid("credential id", "is empty")),
            1..=CREDENTIAL_ID_BYTES => {}
            size => {
                let reason = format!("has {size} bytes, and at most {CREDENTIAL_ID_BYTES} are kept");
                return Err(invalid("credential id", &reason));
            }
        }
        checked_ms(self.created_ms).map(|_| ())
    }
}

/// Checks the bounds of a credential. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_credential(credential: &str) -> Result<(), StoreError> {
    check_word("credential", credential, CREDENTIAL_BYTES)
}

/// A challenge that was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredChallenge {
    /// The hash of what was asked.
    pub hash: SecretHash,
    /// When the challenge ends by itself: from then on nobody has to know that it was answered.
    pub expires_ms: u64,
}

/// The passkeys of a store.
pub trait PasskeyStore: fmt::Debug + Send + Sync {
    /// Keeps a passkey. [`StoreError::PasskeyTaken`] where there is one with this credential, and [`StoreError::NotFound`] where there is
    /// no such user.
    fn create(&self, new: NewPasskey) -> StoreFuture<Passkey>;

    /// Finds a passkey by the id of its credential, with its user, who may be disabled.
    fn by_credential(&self, credential_id: &[u8]) -> StoreFuture<Option<(Passkey, User)>>;

    /// Notes that a passkey has answered a challenge, and the credential as it is since. False where that challenge was answered before,
    /// or there is no such passkey: then nothing is changed. Challenges that have ended by `now_ms` are forgotten.
    fn take_answer(
        &self,
        id: PasskeyId,
        credential: String,
        challenge: AnsweredChallenge,
        now_ms: u64,
    ) -> StoreFuture<bool>;

    /// Lists the passkeys of a user, the newest first, at most [`PAGE`](crate::PAGE).
    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Passkey>>;

    /// Removes a passkey. False where there is none.
    fn remove(&self, id: PasskeyId) -> StoreFuture<bool>;

    /// Removes the passkeys of a user. Returns those that are gone.
    fn remove_of_user(&self, user: UserId) -> StoreFuture<Vec<PasskeyId>>;
}
