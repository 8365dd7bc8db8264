//! Tokens, with which programs sign in.

use std::fmt;

use crate::{
    bounds::{NAME_BYTES, SCOPE_BYTES, SCOPES, check_count, check_word, checked_ms, invalid},
    error::StoreError,
    future::StoreFuture,
    id::{TokenId, UserId},
    secret::SecretHash,
    user::User,
};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// The user whose token it is.
    pub user: UserId,
    /// The name that its owner gave it.
    pub name: String,
    /// The rights that it gives.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_ms: u64,
    /// When it ends; none where it does not.
    pub expires_ms: Option<u64>,
    /// When it was last used, as far as it was told.
    pub last_used_ms: Option<u64>,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The user whose token it is.
    pub user: UserId,
    /// The name that its owner gives it.
    pub name: String,
    /// The hash of the token.
    pub secret: SecretHash,
    /// The rights that it gives: words without space.
    pub scopes: Vec<String>,
    /// The time now.
    pub created_ms: u64,
    /// When it ends.
    pub expires_ms: Option<u64>,
}

impl NewToken {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_word("name", &self.name, NAME_BYTES)?;
        check_count("scopes", self.scopes.len(), SCOPES)?;
        for scope in &self.scopes {
            check_word("scope", scope, SCOPE_BYTES)?;
            if scope.contains(|c: char| c.is_whitespace() || c.is_control()) {
                return Err(invalid("scope", "has a space or a control character"));
            }
        }
        checked_ms(self.created_ms)?;
        self.expires_ms.map_or(Ok(()), |ms| checked_ms(ms).map(|_| ()))
    }
}

/// Returns scopes as one text, with spaces between (as RFC 6749 §3.3 writes them). Engines keep them so.
#[must_use]
pub fn join_scopes(scopes: &[String]) -> String {
    scopes.join(" ")
}

/// Returns the scopes of a text that [`join_scopes`] made.
#[must_use]
pub fn split_scopes(text: &str) -> Vec<String> {
    text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// The tokens of a store. It reads no clock: whoever finds a token looks at its end and at its user.
pub trait TokenStore: fmt::Debug + Send + Sync {
    /// Makes a token. [`StoreError::NotFound`] where there is no such user.
    fn create(&self, new: NewToken) -> StoreFuture<Token>;

    /// Finds a token by its hash, with its user, who may be disabled.
    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<(Token, User)>>;

    /// Notes that it was used. A time earlier than the one noted changes nothing. False where there is no such token.
    fn touch(&self, id: TokenId, used_ms: u64) -> StoreFuture<bool>;

    /// Lists the tokens of a user, the newest first, at most [`PAGE`](crate::PAGE).
    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Token>>;

    /// Lists all tokens by their numbers, after one of them, at most [`PAGE`](crate::PAGE).
    fn all(&self, after: Option<TokenId>, limit: usize) -> StoreFuture<Vec<Token>>;

    /// Ends a token. False where there is none.
    fn revoke(&self, id: TokenId) -> StoreFuture<bool>;

    /// Ends the tokens of a user. Returns those that ended.
    fn revoke_of_user(&self, user: UserId) -> StoreFuture<Vec<TokenId>>;
}
