//! Errors of a store.

/// The reason for which a store did not do what it was asked for. Nothing of it was done then, unless the variant says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another user, another host, another source or another dashboard has this name.
    #[error("this name is taken")]
    NameTaken,
    /// Another user has this identity.
    #[error("this identity is bound to another account")]
    IdentityTaken,
    /// A passkey with this credential is kept already.
    #[error("this passkey is registered already")]
    PasskeyTaken,
    /// The change would leave nobody who can manage accounts.
    #[error("this is the last active admin; make another user an admin first")]
    LastAdmin,
    /// The row is not as the caller has seen it.
    #[error("it was changed by someone else meanwhile; look at it again")]
    Conflict,
    /// There is no such row.
    #[error("it does not exist, or no longer")]
    NotFound,
    /// A value is empty, too long, too many or has characters that no store keeps.
    #[error("the {field} {reason}")]
    Invalid {
        /// The field, in words.
        field: &'static str,
        /// The fault, in words.
        reason: String,
    },
    /// The store can be read, but not written.
    #[error("the store can be read, but not written: look at the permissions of its folder and at its disk")]
    ReadOnly,
    /// The disk is full.
    #[error("the store's disk is full; free some space and try again")]
    Full,
    /// Another program holds the store, or too many wait for it.
    #[error("the store is busy; try again")]
    Busy,
    /// The engine does not answer. What was asked for may be done, or not.
    #[error("the store cannot be reached: {0}")]
    Unavailable(String),
    /// A newer version of the program has written the store.
    #[error(
        "the store has schema {found}, and this version knows schemas up to {known}: run the newer version, or restore a backup"
    )]
    NewerSchema {
        /// The schema of the store.
        found: u32,
        /// The newest schema that this version knows.
        known: u32,
    },
    /// The bytes of the store are not those that were written.
    #[error("the store is damaged: {0}; restore a backup")]
    Damaged(String),
    /// The file, or the database, holds something else.
    #[error("this is not a store of accounts: {0}")]
    NotAStore(String),
    /// The settings of the store are no settings.
    #[error("the settings of the store cannot be used: {0}")]
    BadSettings(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The engine failed in a way that has no name here.
    #[error("the store failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// Returns the word for logs, metrics and programs. It stays where the sentence is rewritten.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NameTaken => "name_taken",
            Self::IdentityTaken => "identity_taken",
            Self::PasskeyTaken => "passkey_taken",
            Self::LastAdmin => "last_admin",
            Self::Conflict => "conflict",
            Self::NotFound => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::ReadOnly => "read_only",
            Self::Full => "full",
            Self::Busy => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::NewerSchema { .. } => "newer_schema",
            Self::Damaged(_) => "damaged",
            Self::NotAStore(_) => "not_a_store",
            Self::BadSettings(_) => "bad_settings",
            Self::Closed => "closed",
            Self::Failed(_) => "failed",
        }
    }
}
