//! The mark that pruning leaves in the audit log, so that what is left can be verified.

use crate::{
    audit::{AuditHash, NewAudit},
    error::StoreError,
};

/// The beginning of the log that is gone. It is an entry of the log itself, and so a link of the chain: whoever takes more away, or
/// changes what it says, breaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditCheckpoint {
    /// The number of the last entry that is gone.
    pub through: u64,
    /// Its hash: the first entry that is left follows from it.
    pub hash: AuditHash,
}

impl AuditCheckpoint {
    /// The action of its entry. No other entry has it.
    pub const ACTION: &str = "prune_audit";

    /// The beginning of a log of which nothing is gone.
    pub const START: Self = Self { through: 0, hash: AuditHash::START };

    /// Returns its entry.
    #[must_use]
    pub fn entry(&self, at_ms: u64) -> NewAudit {
        NewAudit {
            at_ms,
            actor: "server".to_owned(),
            action: Self::ACTION.to_owned(),
            object: format!("entries to {}", self.through),
            address: String::new(),
            detail: format!("{} {:?}", self.through, self.hash),
        }
    }

    /// Reads it back; none of an entry that is no checkpoint.
    #[must_use]
    pub fn read(entry: &NewAudit) -> Option<Self> {
        let (through, hash) = entry.detail.split_once(' ').filter(|_| entry.action == Self::ACTION)?;
        let pairs = hash.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
        let bytes = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()?;
        Some(Self { through: through.parse().ok()?, hash: AuditHash(bytes.try_into().ok()?) })
    }
}

impl NewAudit {
    /// Checks an entry that someone else than the store itself appends: it is no checkpoint. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check_appended(&self) -> Result<(), StoreError> {
        self.check()?;
        if self.action == AuditCheckpoint::ACTION {
            return Err(StoreError::Invalid { field: "action", reason: "it is the store's own".to_owned() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_from_its_entry_and_from_no_other() {
        let checkpoint = AuditCheckpoint { through: 17, hash: AuditHash([0xa7; 32]) };
        let entry = checkpoint.entry(5);
        assert_eq!(entry.check(), Ok(()));
        assert_eq!(AuditCheckpoint::read(&entry), Some(checkpoint));
        let changed = |change: fn(&mut NewAudit)| {
            let mut entry = entry.clone();
            change(&mut entry);
            AuditCheckpoint::read(&entry)
        };
        assert_eq!(changed(|entry| entry.action = "sign_in".into()), None);
        for detail in ["", "17", "17 a7", "x a7", "17 가"] {
            let entry = NewAudit { detail: detail.into(), ..entry.clone() };
            assert_eq!(AuditCheckpoint::read(&entry), None, "{detail}");
        }
    }
}
