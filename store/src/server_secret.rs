//! Secrets of the server itself, which all its nodes share.

use std::fmt;

use crate::{
    bounds::{NAME_BYTES, SERVER_SECRET_BYTES, check_word, invalid},
    error::StoreError,
    future::StoreFuture,
};

/// Checks the bounds of a secret and its name. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`] with the field.
pub fn checked_server_secret(name: &str, secret: &[u8]) -> Result<(), StoreError> {
    check_word("name", name, NAME_BYTES)?;
    match secret.len() {
        0 => Err(invalid("secret", "is empty")),
        1..=SERVER_SECRET_BYTES => Ok(()),
        size => {
            Err(invalid("secret", &format!("has {size} bytes, and at most {SERVER_SECRET_BYTES} are kept")))
        }
    }
}

/// The secrets of the server itself.
pub trait ServerSecretStore: fmt::Debug + Send + Sync {
    /// Returns the secret of this name. Where there is none, `candidate` is kept and returned; of many nodes that try at once, all are
    /// given the same.
    fn get_or_create(&self, name: &str, candidate: Vec<u8>) -> StoreFuture<Vec<u8>>;
}
