//! The settings of the journal: its directory and its size.

use std::path::PathBuf;

/// The settings of the journal: its directory and its size.
#[derive(Debug, Clone)]
pub struct JournalSettings {
    /// A folder of its own; made if it is not there.
    pub dir: PathBuf,
    /// The bytes that all segments may take, give or take one segment. The log holds no more than half of it, so
    /// compaction never costs more than writing each entry twice.
    pub bytes: u64,
    /// The longest that one segment may become, bytes; at most an eighth of `bytes`. No record is longer.
    pub segment: u64,
}

impl JournalSettings {
    /// Makes settings with segments of 4 MiB.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, bytes: u64) -> Self {
        Self { dir: dir.into(), bytes, segment: 4 << 20 }
    }
}
