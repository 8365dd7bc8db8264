//! The wall clock, which goes on while the process does not run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// One moment on two clocks: the monotonic one measures ages, and the system's one stores them across restarts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WallClock {
    instant: Instant,
    /// Milliseconds since 1970.
    millis: u64,
}

impl WallClock {
    /// `now` is the present moment.
    pub(crate) fn at(now: Instant) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { instant: now, millis: u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX) }
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
