//! Series, as callers name them.

use std::sync::Arc;

use crate::{resolution::Resolution, sample::Sample};

/// A series of one open history. It costs nothing to copy, and means nothing to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series(pub(crate) u32);

/// A series and the times of its samples.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesSummary {
    /// The series.
    pub series: Series,
    /// Its key.
    pub key: Arc<[u8]>,
    /// The decimals that it keeps.
    pub resolution: Resolution,
    /// The time of its first sample that may be kept still.
    pub first_at: Option<i64>,
    /// Its latest sample.
    pub last: Option<Sample>,
}

/// The fate of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It is kept.
    Kept,
    /// The series has a sample of that time, which stays.
    Duplicate,
    /// It is no finite number: a gap.
    Absent,
    /// Its time is longer ago than late samples may be.
    TooOld,
    /// Its time is more than a day ahead of the clock.
    TooNew,
}

/// Numbers of what became of samples since the history was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PushCounts {
    /// Samples that were kept. Late ones count before it is known that they are duplicates.
    pub kept: u64,
    /// Samples of a time of which there was one. Late ones count when they are sealed.
    pub duplicates: u64,
    /// Values that are no finite numbers.
    pub absent: u64,
    /// Samples that came too late.
    pub too_old: u64,
    /// Samples ahead of the clock.
    pub too_new: u64,
}

impl PushCounts {
    pub(crate) fn count(&mut self, pushed: Pushed) {
        *match pushed {
            Pushed::Kept => &mut self.kept,
            Pushed::Duplicate => &mut self.duplicates,
            Pushed::Absent => &mut self.absent,
            Pushed::TooOld => &mut self.too_old,
            Pushed::TooNew => &mut self.too_new,
        } += 1;
    }
}
