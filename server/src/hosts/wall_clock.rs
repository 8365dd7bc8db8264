//! The clock that people read; it may be set.

use std::time::{SystemTime, UNIX_EPOCH};

/// The wall clock, milliseconds since 1970; 0 on a machine whose clock stands before that.
pub(crate) fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
