//! `CLOCK_BOOTTIME` of clock_gettime(2).

use rustix::time::{ClockId, clock_gettime};

/// Milliseconds since the machine started, sleep included.
pub(crate) fn uptime_ms() -> u64 {
    let now = clock_gettime(ClockId::Boottime);
    let millis = now.tv_sec.saturating_mul(1000).saturating_add(now.tv_nsec / 1_000_000);
    u64::try_from(millis).unwrap_or(0)
}
