//! Where the log is kept on disk, and how much of it.

use std::path::PathBuf;

/// Where the log is kept on disk, and how much of it.
#[derive(Debug, Clone)]
pub struct JournalSettings {
    /// A folder of its own; made if it is not there.
    pub dir: PathBuf,
    /// How many bytes it may take, give or take a segment. The log lets go of entries beyond half of it, so that
    /// writing them forward never costs more than writing them once.
    pub bytes: u64,
    /// How long one file of the ring may become, bytes; at most an eighth of `bytes`. No record is longer.
    pub segment: u64,
}

impl JournalSettings {
    /// In files of 4 MiB.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, bytes: u64) -> Self {
        Self { dir: dir.into(), bytes, segment: 4 << 20 }
    }
}
