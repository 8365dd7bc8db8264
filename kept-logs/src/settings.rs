//! Bounds of what is kept.

use std::time::Duration;

/// The most text that an open part has before it is sealed.
const OPEN_TEXT: u64 = 8 << 20;

/// Bounds of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptLogsSettings {
    /// The most bytes of all files together, at least [`KeptLogsSettings::LEAST`].
    pub bytes: u64,
    /// Lines are kept at most this long, and a day more at the most.
    pub age: Duration,
    /// A part that took so long to fill is compressed as small as can be; one that was filled sooner fast.
    pub small_after: Duration,
}

impl KeptLogsSettings {
    /// The fewest bytes that make sense.
    pub const LEAST: u64 = 1 << 20;

    /// The bytes of an open part after which it is sealed. Two of them, and what one becomes, always fit.
    pub(crate) fn open_bytes(&self) -> u64 {
        (self.bytes.max(Self::LEAST) / 8).min(OPEN_TEXT)
    }
}
