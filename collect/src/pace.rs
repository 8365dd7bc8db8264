//! When something is to be measured again: often while it is watched, seldom while it is not.

use std::time::{Duration, Instant};

/// The pace of one kind of sample.
#[derive(Debug)]
pub(crate) struct Pace {
    watched: Duration,
    unwatched: Duration,
    /// Rounds come at multiples of the fast interval and never to the microsecond: half a round early is on
    /// time.
    slack: Duration,
    last: Option<Instant>,
    taken: usize,
}

/// A rate needs two readings, so the second follows the first at the watched pace even if no one watches.
const WARM_UP: usize = 2;

impl Pace {
    /// A pace for rounds that come every `round`.
    pub(crate) fn new(round: Duration, watched: Duration, unwatched: Duration) -> Self {
        Self { watched, unwatched: unwatched.max(watched), slack: round / 2, last: None, taken: 0 }
    }

    /// Returns true if there was a reading before the last one.
    pub(crate) fn is_warm(&self) -> bool {
        self.taken >= WARM_UP
    }

    /// Returns true if a reading is due, and then counts it as done. Who comes to watch after a long pause finds it
    /// due at once.
    pub(crate) fn is_due(&mut self, now: Instant, someone_watches: bool) -> bool {
        let interval = if someone_watches || self.taken < WARM_UP { self.watched } else { self.unwatched };
        let due = self.last.is_none_or(|last| now.duration_since(last) + self.slack >= interval);
        if due {
            self.take(now);
        }
        due
    }

    /// Counts a reading as done that was taken for another reason.
    pub(crate) fn take(&mut self, now: Instant) {
        self.last = Some(now);
        self.taken = self.taken.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rounds, in half seconds, at which a 2 s / 10 s pace is due.
    fn due_rounds(rounds: u32, watched: impl Fn(u32) -> bool) -> Vec<u32> {
        let round = Duration::from_millis(500);
        let start = Instant::now();
        let mut pace = Pace::new(round, Duration::from_secs(2), Duration::from_secs(10));
        (0..rounds).filter(|&n| pace.is_due(start + round * n, watched(n))).collect()
    }

    #[test]
    fn watched_it_keeps_the_short_interval() {
        assert_eq!(due_rounds(14, |_| true), [0, 4, 8, 12]);
    }

    #[test]
    fn unwatched_it_warms_up_and_then_keeps_the_long_interval() {
        assert_eq!(due_rounds(50, |_| false), [0, 4, 24, 44]);
    }

    #[test]
    fn a_watcher_who_comes_after_a_pause_is_served_at_once() {
        assert_eq!(due_rounds(24, |round| round >= 15), [0, 4, 15, 19, 23]);
    }

    #[test]
    fn a_round_that_comes_a_little_early_still_counts() {
        let start = Instant::now();
        let half = Duration::from_millis(500);
        let mut pace = Pace::new(half, half, half);
        assert!(pace.is_due(start, true));
        assert!(pace.is_due(start + Duration::from_millis(499), true));
        assert!(!pace.is_due(start + Duration::from_millis(600), true));
    }
}
