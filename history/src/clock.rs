//! The caller's clock, and how far it may be trusted.

/// A clock that goes ahead by more than this at once was set.
const AHEAD: i64 = 2 * 60 * 60 * 1_000;
/// A clock that goes back by more than this was set.
const BACK: i64 = 60 * 1_000;
/// A clock that was set is believed after so many milliseconds.
const STEADY: i64 = 10 * 60 * 1_000;
/// No time is later (in the year 9999), and none earlier than 0, so that no sum of times overflows.
pub(crate) const LATEST: i64 = 253_402_300_799_999;

/// The time as callers told it. Nothing is removed for its age before the clock has run for ten minutes without being set: one that is wrong
/// for a moment costs no history.
#[derive(Debug)]
pub(crate) struct SteadyClock {
    pub(crate) now: i64,
    since: i64,
}

impl SteadyClock {
    pub(crate) fn new(now: i64) -> Self {
        let now = now.clamp(0, LATEST);
        Self { now, since: now }
    }

    /// Takes the caller's time, and returns it within the bounds of times.
    pub(crate) fn tick(&mut self, now: i64) -> i64 {
        let now = now.clamp(0, LATEST);
        if now - self.now > AHEAD || self.now - now > BACK {
            self.since = now;
        }
        self.now = now;
        now
    }

    /// Reports that a time is within the bounds of times.
    pub(crate) fn has(at: i64) -> bool {
        (0..=LATEST).contains(&at)
    }

    pub(crate) fn is_steady(&self) -> bool {
        self.now - self.since >= STEADY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_is_believed_after_ten_minutes() {
        let mut clock = SteadyClock::new(0);
        let mut at = |now: i64| {
            clock.tick(now);
            clock.is_steady()
        };
        assert!(!at(300_000) && at(600_000) && at(6_000_000));
        assert!(!at(31_536_000_000), "it went a year ahead");
        assert!(!at(6_010_000), "it came back");
        assert!(!at(6_500_000) && at(6_700_000));
    }
}
