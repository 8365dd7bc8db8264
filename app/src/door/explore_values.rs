//! The values of a series in a chart of Explore.

use common::past::PastAggregate;

/// Steps without a number that are passed over, where series are measured less often than a step is long.
pub(super) const PACES: f64 = 2.5;

/// A value that is older than so many steps is none of now.
const STALE: f64 = 3.0;

/// The values of a time, of each kind one for each step. Kinds that were not asked for are empty.
#[derive(Debug, Clone, Default)]
pub struct ExploreValues {
    /// The beginning of the first step, milliseconds since 1970.
    pub start: u64,
    /// The lowest of each step.
    pub low: Vec<Option<f64>>,
    /// The mean.
    pub average: Vec<Option<f64>>,
    /// The highest.
    pub high: Vec<Option<f64>>,
    /// The latest.
    pub last: Vec<Option<f64>>,
}

impl ExploreValues {
    /// True where there is no number at all.
    pub(super) fn is_empty(&self) -> bool {
        self.known().iter().all(Option::is_none)
    }

    /// The values that stand for the steps in a chart.
    pub(super) fn drawn(&self, aggregate: PastAggregate) -> &[Option<f64>] {
        match aggregate {
            PastAggregate::Min => &self.low,
            PastAggregate::Max => &self.high,
            PastAggregate::Last => &self.last,
            PastAggregate::Average | PastAggregate::Count => &self.average,
        }
    }

    /// The steps from sample to sample.
    pub(super) fn pace(&self, step: u64) -> f64 {
        pace(self.known(), step)
    }

    /// The values of a kind that was asked for: all kinds have them at the same steps.
    fn known(&self) -> &[Option<f64>] {
        let kinds = [&self.average, &self.last, &self.low, &self.high];
        kinds.into_iter().find(|one| !one.is_empty()).map_or(&[], Vec::as_slice)
    }

    /// The latest value of all; none where it is older than a few steps, or than a few samples of a series that is measured less often, at
    /// the end of a time.
    pub(super) fn newest(&self, step: u64, end: u64) -> Option<f64> {
        let (place, value) =
            self.last.iter().enumerate().rev().find_map(|(place, value)| Some((place, (*value)?)))?;
        let until = self.start + (place as u64 + 1) * step;
        let longest = STALE.max(self.pace(step) * PACES) * step as f64;
        (end.saturating_sub(until) as f64 <= longest).then_some(value)
    }
}

/// The slowest that anything is measured, milliseconds: what is farther apart is a gap.
const SLOWEST: u64 = 60_000;

/// The steps from sample to sample, but for the longest tenth of them: these are gaps.
fn pace(values: &[Option<f64>], step: u64) -> f64 {
    let places: Vec<usize> =
        values.iter().enumerate().filter_map(|(place, value)| value.map(|_| place)).collect();
    let mut steps: Vec<usize> = places.windows(2).map(|two| two[1] - two[0]).collect();
    steps.sort_unstable();
    // Of two or three samples nobody knows.
    if steps.len() < 3 {
        return 1.0;
    }
    let slow = steps[(steps.len() - 1) * 9 / 10];
    let usual = steps[(steps.len() - 1) / 2];
    (if slow as u64 * step <= SLOWEST { slow } else { usual }) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_series_is_joined_and_its_gap_is_not() {
        let every_fifth =
            |index: usize| (index.is_multiple_of(5) && !(30..70).contains(&index)).then_some(1.0);
        let values: Vec<_> = (0..200).map(every_fifth).collect();
        assert_eq!(pace(&values, 1_000), 5.0);
        // A host that is off at night: each night is a gap.
        let days: Vec<_> = (0..120).map(|hour| (hour % 12 < 4).then_some(1.0)).collect();
        assert_eq!(pace(&days, 7_200_000), 1.0);
        assert_eq!((pace(&[Some(1.0), None, None, Some(1.0)], 1), pace(&[], 1)), (1.0, 1.0));
    }

    #[test]
    fn the_newest_value_is_one_of_the_end_of_the_time() {
        let of = |last: Vec<Option<f64>>| ExploreValues { start: 1_000, last, ..ExploreValues::default() };
        let until = |index: usize| of((0..20).map(|at: usize| (at <= index).then_some(at as f64)).collect());
        // The last step ends at 21,000.
        assert_eq!(until(19).newest(1_000, 21_000), Some(19.0));
        assert_eq!(until(16).newest(1_000, 21_000), Some(16.0));
        assert_eq!(until(15).newest(1_000, 21_000), None, "a host that is gone");
        let slow: Vec<_> = (0..20).map(|at: usize| at.is_multiple_of(5).then_some(1.0)).collect();
        assert_eq!(of(slow.clone()).newest(1_000, 28_000), Some(1.0));
        assert_eq!((of(slow).newest(1_000, 30_000), of(Vec::new()).newest(1, 1)), (None, None));
    }
}
