//! The relation between the clock that ages are measured by and the one that the disk stores.

use broker::Clock;
use std::time::Duration;

use tokio::time::Instant;

/// One moment on two clocks: the monotonic one measures ages, and the wall clock stores them across restarts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClockReading {
    instant: Instant,
    /// Milliseconds since 1970.
    millis: u64,
}

impl ClockReading {
    /// `now` is the present moment.
    pub(crate) fn at(now: Instant, clock: &dyn Clock) -> Self {
        Self { instant: now, millis: clock.unix_millis() }
    }

    /// A past moment as it is stored.
    pub(crate) fn millis(self, moment: Instant) -> u64 {
        let age = self.instant.saturating_duration_since(moment).as_millis();
        self.millis.saturating_sub(u64::try_from(age).unwrap_or(u64::MAX))
    }

    /// A stored moment in this process. One that lies ahead, because the clock was set back, counts as now; one from
    /// before this clock begins counts as its beginning.
    pub(crate) fn instant(self, millis: u64) -> Instant {
        let age = Duration::from_millis(self.millis.saturating_sub(millis));
        self.instant.checked_sub(age).unwrap_or(self.instant)
    }
}
