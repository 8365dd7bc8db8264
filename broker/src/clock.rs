//! The clock that people read. A process has one, and gives it to every part that says when something happened.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A wall clock: it goes on while the process does not run, and it may be set. Ages and deadlines go by
/// `tokio::time::Instant` instead.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the time since 1970 in UTC, without leap seconds; zero before that.
    fn unix_time(&self) -> Duration;

    /// Returns the milliseconds since 1970.
    fn unix_millis(&self) -> u64 {
        u64::try_from(self.unix_time().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn unix_time(&self) -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

/// A clock that stands until it is set, for tests.
///
/// # Examples
///
/// ```
/// use broker::{Clock, ManualClock};
///
/// let clock = ManualClock::new(1_795_183_407_000);
/// clock.set(1_795_183_408_500);
/// assert_eq!(clock.unix_millis(), 1_795_183_408_500);
/// ```
#[derive(Debug, Default)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// Makes a clock that stands at a moment, milliseconds since 1970.
    #[must_use]
    pub fn new(unix_millis: u64) -> Self {
        Self(AtomicU64::new(unix_millis))
    }

    /// Sets the clock to another moment, earlier or later, milliseconds since 1970.
    pub fn set(&self, unix_millis: u64) {
        self.0.store(unix_millis, Relaxed);
    }
}

impl Clock for ManualClock {
    fn unix_time(&self) -> Duration {
        Duration::from_millis(self.0.load(Relaxed))
    }
}
