//! A stretch of time in a few numbers.

use crate::sample::Sample;

/// The samples of a stretch of time, in a few numbers that can be joined with those of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bucket {
    /// The beginning of the stretch.
    pub(crate) start: i64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) sum: f64,
    pub(crate) last: f64,
    /// The time of the last sample, so that late ones are joined to it in the order of time.
    pub(crate) last_at: i64,
    /// The number of samples; none makes the other numbers void.
    pub(crate) count: u64,
}

impl Bucket {
    /// A stretch without samples.
    pub(crate) fn empty(start: i64) -> Self {
        Self { start, min: 0.0, max: 0.0, sum: 0.0, last: 0.0, last_at: 0, count: 0 }
    }

    /// Adds a sample.
    #[inline]
    pub(crate) fn add(&mut self, Sample { at, value }: Sample) {
        if self.count == 0 {
            let start = self.start;
            *self = Self { start, min: value, max: value, sum: value, last: value, last_at: at, count: 1 };
            return;
        }
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.sum = add_finite(self.sum, value);
        self.count += 1;
        if at > self.last_at {
            (self.last, self.last_at) = (value, at);
        }
    }

    /// Adds all samples of another stretch.
    pub(crate) fn join(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = Self { start: self.start, ..*other };
            return;
        }
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum = add_finite(self.sum, other.sum);
        self.count += other.count;
        if other.last_at > self.last_at {
            (self.last, self.last_at) = (other.last, other.last_at);
        }
    }
}

/// A sum that stays a number, also of the largest floats.
fn add_finite(sum: f64, more: f64) -> f64 {
    (sum + more).clamp(f64::MIN, f64::MAX)
}

/// Adds samples, in order, to the buckets of a step that they fall in.
pub(crate) fn of_samples(samples: &[Sample], step: i64, out: &mut Vec<Bucket>) {
    out.clear();
    for sample in samples {
        bucket_at(out, sample.at, step).add(*sample);
    }
}

/// Joins buckets, in order, to those of a longer step.
pub(crate) fn of_buckets(buckets: &[Bucket], step: i64, out: &mut Vec<Bucket>) {
    out.clear();
    for bucket in buckets {
        bucket_at(out, bucket.start, step).join(bucket);
    }
}

/// The last bucket where this time falls in it, or a new one.
fn bucket_at(out: &mut Vec<Bucket>, at: i64, step: i64) -> &mut Bucket {
    let start = at - at.rem_euclid(step);
    if out.last().is_none_or(|last| last.start != start) {
        out.push(Bucket::empty(start));
    }
    let last = out.len() - 1;
    &mut out[last]
}
