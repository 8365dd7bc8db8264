//! The values of a series in a chart of Explore.

use common::past::PastAggregate;

/// Steps without a number that are passed over, where series are measured less often than a step is long.
pub(super) const PACES: f64 = 2.5;

/// The values of a time, of each kind one for each step.
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
        self.average.iter().all(Option::is_none)
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
        pace(&self.average, step)
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
}
