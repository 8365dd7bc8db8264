//! The pace of a topic's rounds of wakes: a round begins at once while the machine has room for rounds.

use std::time::Duration;

use tokio::time::Instant;

/// Rounds may take one part in so many of the time; those that take more gather. A third or a quarter saves a hundred readers of
/// a thousand entries a second a fifth of the writes, and doubles the time after which the slowest hundredth of them has an entry.
const PARTS: u32 = 2;

/// The time that rounds have in hand after a pause, so that a few entries in quick succession are no reason to gather.
const CREDIT: Duration = Duration::from_millis(8);

/// The time that the rounds of one topic took, as a debt that time pays off.
#[derive(Debug, Default)]
pub(crate) struct RoundPace {
    begun_at: Option<Instant>,
    /// The debt is paid off at this time.
    paid_at: Option<Instant>,
}

impl RoundPace {
    pub(crate) fn begin(&mut self, now: Instant) {
        self.begun_at = Some(now);
    }

    /// Returns the time at which the last round began.
    pub(crate) fn begun_at(&self) -> Option<Instant> {
        self.begun_at
    }

    /// The round that began last has ended. A long one costs no more than the credit: the machine may have done other things.
    pub(crate) fn end(&mut self, now: Instant) {
        let Some(begun) = self.begun_at else {
            return;
        };
        let took = now.saturating_duration_since(begun);
        let debt = self.paid_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(begun));
        let owed = (debt + took.saturating_mul(PARTS)).min(took + CREDIT * 2);
        self.paid_at = Some(begun + owed);
    }

    /// Returns true if a round may begin at once: the debt is within the credit.
    pub(crate) fn has_room(&self, now: Instant) -> bool {
        self.paid_at.is_none_or(|at| at <= now + CREDIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Begins a round at each of `count` times that are `every` apart, and returns how many of them came too soon.
    fn too_soon(every: Duration, took: Duration, count: u32) -> u32 {
        let (start, mut pace) = (Instant::now() + MS * 100, RoundPace::default());
        (0..count)
            .map(|nth| start + every * nth)
            .filter(|&now| {
                let is_too_soon = !pace.has_room(now);
                if !is_too_soon {
                    pace.begin(now);
                    pace.end(now + took);
                }
                is_too_soon
            })
            .count() as u32
    }

    #[test]
    fn rounds_that_take_little_of_the_time_never_wait() {
        assert_eq!(too_soon(MS, MS / 3, 1000), 0);
        assert_eq!(too_soon(MS * 10, MS * 4, 1000), 0);
    }

    #[test]
    fn rounds_that_take_more_are_begun_as_often_as_their_part_of_the_time_allows() {
        let waited = too_soon(MS, MS, 1000);
        assert!((480..=500).contains(&waited), "{waited}");
    }

    #[test]
    fn a_few_in_quick_succession_never_wait_after_a_pause() {
        assert_eq!(too_soon(MS / 2, MS / 2, 4), 0);
        assert!(too_soon(MS / 2, MS / 2, 40) > 0);
    }

    #[test]
    fn one_long_round_is_forgotten_soon() {
        let (start, mut pace) = (Instant::now() + MS * 100, RoundPace::default());
        pace.begin(start);
        pace.end(start + MS * 500);
        assert!(!pace.has_room(start + MS * 500));
        assert!(pace.has_room(start + MS * 500 + CREDIT));
    }
}
