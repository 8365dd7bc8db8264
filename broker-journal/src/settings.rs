//! The settings of the log and of its folder.

use std::{path::PathBuf, sync::Arc};

use broker::{Clock, TopicPolicy};
use common::Epoch;

/// The settings of the log.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// The clock by which stored entries keep their age over a restart.
    pub clock: Arc<dyn Clock>,
    /// The epoch of a new life, should one begin; it goes on as the folder says else.
    pub epoch: Epoch,
    /// The policies of all topics; the first one whose pattern matches applies.
    pub policies: Arc<[TopicPolicy]>,
    /// The number of topics above which those that hold nothing are forgotten.
    pub topics: usize,
    /// The most bytes of payload and keys that the log may retain.
    pub bytes: usize,
}

/// The settings of the log's folder.
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
