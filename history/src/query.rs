//! Questions to the history.

use crate::{bucket::Bucket, error::HistoryError, sample::Sample, series::Series};

/// The number that stands for the samples of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// The least.
    Min,
    /// The sum by the number of samples.
    Average,
    /// The greatest.
    Max,
    /// The latest.
    Last,
    /// The number of samples.
    Count,
    /// The sum.
    Sum,
}

/// A question for points at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The series.
    pub series: Vec<Series>,
    /// The beginning, milliseconds since 1970. It goes down to a whole multiple of the step.
    pub from: i64,
    /// The end, which is outside. It goes up to a whole multiple of the step.
    pub to: i64,
    /// The time from point to point, milliseconds.
    pub step: i64,
    /// The number that stands for a step.
    pub aggregate: Aggregate,
}

/// The points of a series, at the times of its answer's grid; none where there was no sample.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesPoints {
    /// The series.
    pub series: Series,
    /// The value of each step, the first at [`Points::start`].
    pub values: Vec<Option<f64>>,
}

/// The answer to a [`Query`].
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// The beginning of the first step, milliseconds since 1970.
    pub start: i64,
    /// The time from point to point, milliseconds.
    pub step: i64,
    /// The points of each series, in the order of the query.
    pub series: Vec<SeriesPoints>,
}

/// The steps of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) start: i64,
    pub(crate) step: i64,
    pub(crate) points: usize,
    /// Samples are counted or added up, and each once.
    is_total: bool,
}

impl Query {
    /// The steps of the answer, if there are not too many.
    pub(crate) fn grid(&self, most: u64) -> Result<Grid, HistoryError> {
        if self.step < 1 || self.to <= self.from {
            return Err(HistoryError::BadQuery);
        }
        let first = i128::from(self.from.div_euclid(self.step));
        let behind = (i128::from(self.to) - 1).div_euclid(i128::from(self.step)) + 1;
        let points = (behind - first) * self.series.len().max(1) as i128;
        if points > i128::from(most) {
            return Err(HistoryError::TooManyPoints {
                points: u64::try_from(points).unwrap_or(u64::MAX),
                most,
            });
        }
        let start = self.from.div_euclid(self.step).checked_mul(self.step).ok_or(HistoryError::BadQuery)?;
        let points = usize::try_from(behind - first).map_err(|_| HistoryError::BadQuery)?;
        let is_total = matches!(self.aggregate, Aggregate::Count | Aggregate::Sum);
        let grid = Grid { start, step: self.step, points, is_total };
        grid.checked_end().map(|_| grid).ok_or(HistoryError::BadQuery)
    }
}

impl Grid {
    fn checked_end(&self) -> Option<i64> {
        self.start.checked_add(self.step.checked_mul(i64::try_from(self.points).ok()?)?)
    }

    /// The end of the last step.
    pub(crate) fn end(&self) -> i64 {
        self.checked_end().unwrap_or(i64::MAX)
    }

    /// Adds samples, in order, to the steps that they fall in.
    pub(crate) fn add_samples(&self, out: &mut [Bucket], samples: &[Sample]) {
        let end = self.end();
        let begin = samples.partition_point(|sample| sample.at < self.start);
        // A step has many samples, or a sample many steps: where the next sample is in the next step, nothing is divided.
        let (mut index, mut next) = (0, self.start.saturating_add(self.step));
        for sample in &samples[begin..] {
            if sample.at >= end {
                break;
            }
            if sample.at >= next {
                let steps = (sample.at - next) / self.step + 1;
                index += steps as usize;
                next = next.saturating_add(steps * self.step);
            }
            out[index].add(*sample);
        }
    }

    /// Adds a bucket of a width to the steps that it reaches into; where samples are counted or added up, to the first of them.
    pub(crate) fn add(&self, out: &mut [Bucket], bucket: &Bucket, width: i64) {
        // A grid may begin so early that the distance to its beginning has no number; then it is behind the last step.
        let step_of = |at: i64| at.saturating_sub(self.start).div_euclid(self.step);
        let from = step_of(bucket.start);
        let to = step_of(bucket.start + width - 1);
        // One that is no longer than a step belongs to that in which it begins.
        let to = if width <= self.step || self.is_total { from } else { to };
        for index in from.max(0)..=to.min(self.points as i64 - 1) {
            out[index as usize].join(bucket);
        }
    }
}

impl Aggregate {
    /// The number of a step.
    pub(crate) fn of(self, bucket: &Bucket) -> Option<f64> {
        if bucket.count == 0 {
            return None;
        }
        Some(match self {
            Self::Min => bucket.min,
            Self::Average => bucket.sum / bucket.count as f64,
            Self::Max => bucket.max,
            Self::Last => bucket.last,
            Self::Count => bucket.count as f64,
            Self::Sum => bucket.sum,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn samples_fall_in_the_steps_that_their_buckets_do(
            ats in prop::collection::btree_set(0_i64..5_000, 0..200),
            start in -3_000_i64..3_000,
            step in 1_i64..700,
            points in 1_usize..50,
        ) {
            let grid = Grid { start, step, points, is_total: false };
            let samples: Vec<_> = ats.iter().map(|at| Sample { at: *at, value: (at % 97) as f64 }).collect();
            let [mut by_samples, mut by_buckets] = [(); 2].map(|()| vec![Bucket::empty(0); points]);
            grid.add_samples(&mut by_samples, &samples);
            for sample in &samples {
                let mut one = Bucket::empty(sample.at);
                one.add(*sample);
                grid.add(&mut by_buckets, &one, 1);
            }
            prop_assert_eq!(by_samples, by_buckets);
        }
    }
}
