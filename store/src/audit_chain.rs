//! The chain of the audit log: each entry's hash covers the one before it.

use crate::{
    audit::{AuditEntry, AuditHash, AuditVerdict},
    audit_checkpoint::AuditCheckpoint,
};

/// The check of a chain, entry by entry from the first that is left.
#[derive(Debug)]
pub struct AuditChain {
    newest: AuditHash,
    pruned: u64,
    entries: u64,
    broken_at: Option<u64>,
}

impl AuditChain {
    /// Begins behind what is gone.
    #[must_use]
    pub fn after(checkpoint: AuditCheckpoint) -> Self {
        Self { newest: checkpoint.hash, pruned: checkpoint.through, entries: 0, broken_at: None }
    }

    /// Takes the next entry by number.
    pub fn push(&mut self, entry: &AuditEntry) {
        self.entries += 1;
        let follows = entry.seq == self.pruned.saturating_add(self.entries)
            && self.newest.next(entry.seq, &entry.audit) == entry.hash;
        if !follows && self.broken_at.is_none() {
            self.broken_at = Some(entry.seq);
        }
        self.newest = entry.hash;
    }

    /// Returns the verdict on all that were taken.
    #[must_use]
    pub fn verdict(&self) -> AuditVerdict {
        AuditVerdict { pruned: self.pruned, entries: self.entries, broken_at: self.broken_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::NewAudit;

    fn audit(actor: &str, action: &str) -> NewAudit {
        NewAudit {
            at_ms: 1,
            actor: actor.into(),
            action: action.into(),
            object: String::new(),
            address: String::new(),
            detail: String::new(),
        }
    }

    fn chain(count: u64) -> Vec<AuditEntry> {
        let mut newest = AuditHash::START;
        let mut entries = Vec::new();
        for seq in 1..=count {
            let audit = audit("mina", &format!("action {seq}"));
            newest = newest.next(seq, &audit);
            entries.push(AuditEntry { seq, audit, hash: newest });
        }
        entries
    }

    fn verdict(entries: &[AuditEntry]) -> AuditVerdict {
        verdict_after(AuditCheckpoint::START, entries)
    }

    fn verdict_after(checkpoint: AuditCheckpoint, entries: &[AuditEntry]) -> AuditVerdict {
        let mut chain = AuditChain::after(checkpoint);
        entries.iter().for_each(|entry| chain.push(entry));
        chain.verdict()
    }

    #[test]
    fn a_chain_as_it_was_written_is_whole() {
        assert_eq!(verdict(&chain(5)), AuditVerdict { pruned: 0, entries: 5, broken_at: None });
        assert_eq!(verdict(&[]), AuditVerdict { pruned: 0, entries: 0, broken_at: None });
    }

    #[test]
    fn an_entry_that_was_changed_is_named() {
        let mut entries = chain(5);
        entries[2].audit.actor = "someone".into();
        assert_eq!(verdict(&entries).broken_at, Some(3));
    }

    #[test]
    fn the_entry_after_a_missing_one_is_named() {
        let mut entries = chain(5);
        entries.remove(2);
        assert_eq!(verdict(&entries).broken_at, Some(4));
        assert_eq!(verdict(&entries[1..]).broken_at, Some(2), "also where the first is missing");
    }

    #[test]
    fn what_is_left_of_a_chain_follows_from_its_checkpoint_alone() {
        let entries = chain(5);
        let checkpoint = AuditCheckpoint { through: 2, hash: entries[1].hash };
        let left = verdict_after(checkpoint, &entries[2..]);
        assert_eq!(left, AuditVerdict { pruned: 2, entries: 3, broken_at: None });
        assert_eq!(verdict_after(checkpoint, &entries[3..]).broken_at, Some(4), "more is gone than it says");
        let other = AuditCheckpoint { through: 2, hash: entries[0].hash };
        assert_eq!(verdict_after(other, &entries[2..]).broken_at, Some(3));
    }

    #[test]
    fn words_that_run_together_have_different_hashes() {
        let hash = |actor, action| AuditHash::START.next(1, &audit(actor, action));
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
    }
}
