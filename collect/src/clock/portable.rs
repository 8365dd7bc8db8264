//! The clock of systems without one that counts sleep: it is the one that rates are taken by.

use std::{sync::LazyLock, time::Instant};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Milliseconds since it was first asked.
pub(crate) fn uptime_ms() -> u64 {
    u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX)
}
