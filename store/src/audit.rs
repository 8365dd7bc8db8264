//! The audit log: what was done, by whom and from where.

use std::fmt;

use crate::{
    audit_chain::AuditHash,
    bounds::{ADDRESS_BYTES, AUDIT_DETAIL_BYTES, AUDIT_WORD_BYTES, check_text, check_word, checked_ms},
    contract::StoreFuture,
    error::StoreError,
};

/// An entry to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// The time now.
    pub at_ms: u64,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// What it was done to; may be empty.
    pub object: String,
    /// The address from which it was done; may be empty.
    pub address: String,
    /// More about it; may be empty. It holds no secret.
    pub detail: String,
}

impl NewAudit {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_word("actor", &self.actor, AUDIT_WORD_BYTES)?;
        check_word("action", &self.action, AUDIT_WORD_BYTES)?;
        check_text("object", &self.object, AUDIT_WORD_BYTES)?;
        check_text("address", &self.address, ADDRESS_BYTES)?;
        check_text("detail", &self.detail, AUDIT_DETAIL_BYTES)?;
        checked_ms(self.at_ms).map(|_| ())
    }
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number. The first entry's is 1, and there are no holes.
    pub seq: u64,
    /// What was appended.
    pub audit: NewAudit,
    /// Its link in the chain.
    pub hash: AuditHash,
}

/// The part of the audit log to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Lists entries before this one.
    pub before: Option<u64>,
    /// The most entries, at most [`PAGE`](crate::PAGE).
    pub limit: usize,
    /// Lists what this actor did.
    pub actor: Option<String>,
    /// Lists this action.
    pub action: Option<String>,
}

/// The answer of [`AuditStore::verify`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditVerdict {
    /// The entries that were read.
    pub entries: u64,
    /// The number of the first entry that does not follow from those before it.
    pub broken_at: Option<u64>,
}

/// The audit log of a store. Nothing changes or removes an entry.
pub trait AuditStore: fmt::Debug + Send + Sync {
    /// Appends an entry and returns it with its number and hash. Nodes that append at once make one chain.
    fn append(&self, new: NewAudit) -> StoreFuture<AuditEntry>;

    /// Lists entries, the newest first.
    fn list(&self, filter: AuditFilter) -> StoreFuture<Vec<AuditEntry>>;

    /// Reads all entries and checks the chain. It shows entries that were changed, inserted or taken out; it cannot show that the
    /// newest are missing.
    fn verify(&self) -> StoreFuture<AuditVerdict>;
}
