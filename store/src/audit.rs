//! The audit log: what was done, by whom and from where.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{
    bounds::{ADDRESS_BYTES, AUDIT_DETAIL_BYTES, AUDIT_WORD_BYTES, check_text, check_word, checked_ms},
    error::StoreError,
    future::StoreFuture,
};

/// An entry to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// The time now.
    pub at_ms: u64,
    /// The name of the user or program that acts.
    pub actor: String,
    /// The action, as the table of roles names it.
    pub action: String,
    /// The row or thing that it changes; may be empty.
    pub object: String,
    /// The address from which it was done; may be empty.
    pub address: String,
    /// More about it; may be empty. It holds no secret.
    pub detail: String,
}

impl NewAudit {
    /// Returns it within the bounds: what is too long is cut, and control characters are replaced. Whoever does something cannot keep it
    /// out of the log by the texts that come with it.
    #[must_use]
    pub fn clipped(self) -> Self {
        Self {
            at_ms: self.at_ms,
            actor: clip(&self.actor, AUDIT_WORD_BYTES),
            action: clip(&self.action, AUDIT_WORD_BYTES),
            object: clip(&self.object, AUDIT_WORD_BYTES),
            address: clip(&self.address, ADDRESS_BYTES),
            detail: clip(&self.detail, AUDIT_DETAIL_BYTES),
        }
    }

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

/// The end of a text that was cut.
const CUT: &str = "…";

fn clip(text: &str, limit: usize) -> String {
    let whole: String =
        text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if whole.len() <= limit {
        return whole;
    }
    let end = (0..=limit - CUT.len()).rev().find(|&at| whole.is_char_boundary(at)).unwrap_or(0);
    [&whole[..end], CUT].concat()
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number. The first entry's is 1, and there are no holes.
    pub seq: u64,
    /// The fields that were appended.
    pub audit: NewAudit,
    /// Its link in the chain.
    pub hash: AuditHash,
}

/// The link of an entry: the SHA-256 of the hash before it, its number, its time and its texts, each with its length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AuditHash(pub [u8; 32]);

impl AuditHash {
    /// The hash before the first entry.
    pub const START: Self = Self([0; 32]);

    /// Computes the hash of the entry that follows this one.
    #[must_use]
    pub fn next(&self, seq: u64, audit: &NewAudit) -> Self {
        let NewAudit { at_ms, actor, action, object, address, detail } = audit;
        let mut hash = Sha256::new();
        hash.update(self.0);
        for number in [seq, *at_ms] {
            hash.update(8u64.to_be_bytes());
            hash.update(number.to_be_bytes());
        }
        for text in [actor, action, object, address, detail] {
            // The length stands before each text, so that no two entries are one row of bytes.
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Debug for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
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
    /// The number of the last entry that was pruned; 0 where none was.
    pub pruned: u64,
    /// The entries that were read.
    pub entries: u64,
    /// The number of the first entry that does not follow from those before it.
    pub broken_at: Option<u64>,
}

/// The audit log of a store. Nothing changes an entry, and nothing removes one but the time.
pub trait AuditStore: fmt::Debug + Send + Sync {
    /// Appends an entry and returns it with its number and hash. Nodes that append at once make one chain.
    fn append(&self, new: NewAudit) -> StoreFuture<AuditEntry>;

    /// Lists entries, the newest first.
    fn list(&self, filter: AuditFilter) -> StoreFuture<Vec<AuditEntry>>;

    /// Takes the oldest entries off, as far as they are before `before_ms`, at most [`AUDIT_PRUNED`](crate::AUDIT_PRUNED), and appends an
    /// [`AuditCheckpoint`](crate::AuditCheckpoint). Returns how many there were; with none it changes nothing. An entry of a clock that
    /// was ahead holds those behind it back: nothing goes too early.
    fn prune(&self, before_ms: u64, now_ms: u64) -> StoreFuture<u64>;

    /// Reads all entries that are left and checks the chain. It shows entries that were changed, inserted or taken out; it cannot show that the
    /// newest are missing.
    fn verify(&self) -> StoreFuture<AuditVerdict>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_comes_with_an_entry_it_can_be_written() {
        let long = "가".repeat(AUDIT_DETAIL_BYTES);
        let entry = NewAudit {
            at_ms: 1,
            actor: long.clone(),
            action: "sign_in_refused".into(),
            object: "kim\0\n".into(),
            address: long.clone(),
            detail: long,
        };
        assert!(entry.check().is_err());
        let clipped = entry.clipped();
        assert_eq!(clipped.check(), Ok(()));
        assert_eq!(clipped.object, "kim\u{fffd}\u{fffd}");
        assert!(clipped.detail.starts_with('가') && clipped.detail.ends_with(CUT));
        assert!(clipped.detail.len() > AUDIT_DETAIL_BYTES - 4);
        assert_eq!(clipped.clone().clipped(), clipped);
    }
}
