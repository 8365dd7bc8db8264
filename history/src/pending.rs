//! A change of files, and what it means for the memory.

use crate::{change::Change, folder::SealedName};

/// A change of files that was decided, and what memory learns once it is carried out.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) change: Change,
    pub(crate) sealed: Vec<SealedName>,
    pub(crate) unsealed: Vec<SealedName>,
    /// A new file of names, and its bytes.
    pub(crate) names: Option<(u64, u64)>,
    /// The heads that were being sealed are sealed.
    pub(crate) ends_flush: bool,
    /// Memory has learned it, and files are still to be removed.
    pub(crate) is_known: bool,
    /// The bytes of files that are removed; of sealed ones once memory knows.
    pub(crate) freed: u64,
    /// The bytes of files that are added.
    pub(crate) written: u64,
}

impl Pending {
    pub(crate) fn add(&mut self, name: SealedName, length: u64) {
        self.change.added.push(name.text());
        self.sealed.push(name);
        self.written += length;
    }

    pub(crate) fn remove(&mut self, name: SealedName) {
        self.change.removed.push(name.text());
        self.unsealed.push(name);
    }
}
