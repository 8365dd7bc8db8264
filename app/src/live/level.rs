//! Judges a value's level over time: a value that crosses a threshold to and fro keeps its level.

use charts::{Level, Threshold};

/// A level ends when its threshold has not been reached for so long, and is worth ringing for once it has lasted so long, milliseconds.
pub const HOLD_MS: u64 = 30_000;

/// A sample so much older than the one before says that the server's clock was set back, milliseconds.
const SET_BACK_MS: u64 = 5000;

/// The level of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelState {
    /// The worst level that holds.
    pub level: Level,
    /// When it began, milliseconds since 1970, by the server's clock.
    pub since: u64,
    /// The duration of the level, milliseconds.
    pub lasted_ms: u64,
    /// True if the level held at the first sample already, so that it has lasted longer than that.
    pub at_least: bool,
}

impl LevelState {
    /// Returns true if the level raises an alert: a single spike is held for as long as this, and raises none.
    #[must_use]
    pub fn rings(&self) -> bool {
        self.level == Level::Critical && self.lasted_ms > HOLD_MS
    }
}

/// Follows one value and says which level holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LevelTracker {
    first: Option<u64>,
    newest: Option<u64>,
    warn: Option<ThresholdSpan>,
    critical: Option<ThresholdSpan>,
    /// The critical time that ended last.
    ended: Option<ThresholdSpan>,
}

/// A time in which a threshold was reached again and again.
#[derive(Debug, Clone, Copy, PartialEq)]
struct ThresholdSpan {
    since: u64,
    last: u64,
}

impl LevelTracker {
    /// Takes the value that was measured at `at_ms`; samples come in their order.
    pub fn push(&mut self, at_ms: u64, value: f64, thresholds: &[Threshold]) {
        if self.newest.is_some_and(|newest| at_ms + SET_BACK_MS < newest) {
            *self = Self::default();
        }
        self.first.get_or_insert(at_ms);
        self.newest = Some(at_ms);
        for level in [Level::Warn, Level::Critical] {
            let span = if level == Level::Warn { &mut self.warn } else { &mut self.critical };
            let reached = |threshold: &Threshold| threshold.level >= level && value >= threshold.value;
            let old = span.filter(|span| at_ms.saturating_sub(span.last) <= HOLD_MS);
            if level == Level::Critical && span.is_some() && old.is_none() {
                self.ended = *span;
            }
            *span = if thresholds.iter().any(reached) {
                Some(ThresholdSpan { since: old.map_or(at_ms, |old| old.since), last: at_ms })
            } else {
                old
            };
        }
    }

    /// Returns the duration of the last critical time, milliseconds.
    #[must_use]
    pub fn ended_after_ms(&self) -> u64 {
        self.ended.map_or(0, |span| span.last - span.since)
    }

    /// The worst level that holds; none where all is well.
    #[must_use]
    pub fn state(&self) -> Option<LevelState> {
        let told = |(level, span): (Level, Option<ThresholdSpan>)| {
            let (since, newest) = (span?.since, self.newest?);
            let at_least = self.first == Some(since);
            Some(LevelState { level, since, lasted_ms: newest.saturating_sub(since), at_least })
        };
        [(Level::Critical, self.critical), (Level::Warn, self.warn)].into_iter().find_map(told)
    }
}

/// The highest value so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// The value.
    pub value: f64,
    /// When, milliseconds since 1970, by the server's clock.
    pub at: u64,
    /// Since when it is known that none was higher.
    pub since: u64,
}

impl Peak {
    /// The higher one of what was known and the value measured at `at_ms`; of equal ones the newer.
    #[must_use]
    pub fn of(known: Option<Self>, at_ms: u64, value: f64) -> Self {
        match known {
            Some(known) if known.value > value => known,
            known => Self { value, at: at_ms, since: known.map_or(at_ms, |known| known.since) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: [Threshold; 2] =
        [Threshold { value: 80.0, level: Level::Warn }, Threshold { value: 90.0, level: Level::Critical }];

    /// The tracker after a sample every second, the first one at `from`.
    fn after(from: u64, values: impl IntoIterator<Item = f64>) -> LevelTracker {
        let mut tracker = LevelTracker::default();
        for (at, value) in (from..).step_by(1000).zip(values) {
            tracker.push(at, value, &LIMITS);
        }
        tracker
    }

    #[test]
    fn a_value_that_crosses_its_threshold_to_and_fro_has_one_level_with_one_beginning() {
        let to_and_fro = [97.0, 83.0, 100.0, 12.0].into_iter().cycle().take(240);
        let state = after(5_000, [3.0].into_iter().chain(to_and_fro)).state().expect("it is critical");
        assert_eq!((state.level, state.since, state.lasted_ms), (Level::Critical, 6_000, 239_000));
        assert!(state.rings() && !state.at_least);
    }

    #[test]
    fn a_level_ends_half_a_minute_after_it_was_reached_last() {
        let spike = |quiet: usize| {
            let values = [3.0, 95.0].into_iter().chain(std::iter::repeat_n(3.0, quiet));
            after(0, values).state().map(|state| state.level)
        };
        assert_eq!(spike(30), Some(Level::Critical));
        assert_eq!(spike(31), None);
    }

    #[test]
    fn a_spike_calls_nobody_and_what_comes_again_does() {
        let spike = [95.0].into_iter().chain(std::iter::repeat_n(3.0, 29));
        assert!(!after(0, spike.clone()).state().expect("it is held").rings());
        assert!(after(0, spike.chain([95.0, 3.0])).state().expect("it holds").rings());
    }

    #[test]
    fn what_is_no_longer_critical_may_still_be_a_warning_with_a_beginning_of_its_own() {
        let values = std::iter::repeat_n(82.0, 10).chain([95.0]).chain(std::iter::repeat_n(85.0, 40));
        let state = after(0, values).state().expect("it is a warning");
        assert_eq!((state.level, state.since), (Level::Warn, 0));
        assert!(state.at_least && !state.rings());
    }

    #[test]
    fn nothing_is_claimed_of_a_time_in_which_nothing_was_heard() {
        let mut tracker = after(0, [95.0, 95.0]);
        tracker.push(600_000, 95.0, &LIMITS);
        assert_eq!(tracker.state().map(|state| state.since), Some(600_000));
        tracker.push(1_200_000, 3.0, &LIMITS);
        assert_eq!(tracker.state(), None);
    }

    #[test]
    fn a_clock_set_back_begins_anew() {
        let mut tracker = after(1_000_000, [95.0, 95.0]);
        tracker.push(2_000, 95.0, &LIMITS);
        assert_eq!(tracker.state().map(|state| (state.since, state.lasted_ms)), Some((2_000, 0)));
    }

    #[test]
    fn what_is_no_number_reaches_nothing_and_neither_does_what_has_no_thresholds() {
        assert_eq!(after(0, [f64::NAN, 3.0]).state(), None);
        let mut tracker = LevelTracker::default();
        tracker.push(0, 1e12, &[]);
        assert_eq!(tracker.state(), None);
    }

    #[test]
    fn the_peak_is_the_newest_of_the_highest_and_remembers_since_when_it_is_one() {
        let mut peak = None;
        for (at, value) in [(1, 5.0), (2, 9.0), (3, 9.0), (4, 2.0)] {
            peak = Some(Peak::of(peak, at, value));
        }
        assert_eq!(peak, Some(Peak { value: 9.0, at: 3, since: 1 }));
    }
}
