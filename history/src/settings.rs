//! Bounds of what is kept.

use crate::tier::{HOUR, Tier};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Bounds of what is kept. Times are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistorySettings {
    /// The most bytes of all files together, those that are being written, too; at least [`HistorySettings::LEAST`].
    pub bytes: u64,
    /// The age up to which each tier is kept, the finest first ([`Tier::ALL`]).
    pub ages: [i64; 5],
    /// Samples that are older than this when they come are refused. No more counts than an hour less than the age of full resolution, by which
    /// duplicates are known.
    pub late: i64,
    /// The most series.
    pub series: usize,
    /// The most points of a query.
    pub points: u64,
}

impl HistorySettings {
    /// The fewest bytes that make sense.
    pub const LEAST: u64 = 1 << 20;

    pub(crate) fn age(&self, tier: Tier) -> i64 {
        self.ages[tier as usize].max(0)
    }

    /// Returns the longest time after which a late sample is still taken, milliseconds.
    pub(crate) fn longest_delay(&self) -> i64 {
        self.late.min(self.age(Tier::Full) - HOUR).max(0)
    }

    pub(crate) fn longest_age(&self) -> i64 {
        self.ages.iter().copied().max().unwrap_or(0).max(0)
    }

    pub(crate) fn most_bytes(&self) -> u64 {
        self.bytes.max(Self::LEAST)
    }

    /// The bytes of a journal after which its samples are sealed.
    pub(crate) fn journal_bytes(&self) -> u64 {
        (self.most_bytes() / 16).min(64 << 20)
    }

    /// The bytes that the names of all series may take.
    pub(crate) fn names_bytes(&self) -> u64 {
        self.most_bytes() / 32
    }
}

impl Default for HistorySettings {
    /// Full resolution for two days, ten seconds for a fortnight, a minute for three months, ten minutes for two years, an hour for ten.
    fn default() -> Self {
        Self {
            bytes: 4 << 30,
            ages: [2 * DAY, 14 * DAY, 92 * DAY, 731 * DAY, 3_653 * DAY],
            late: 2 * DAY,
            series: 50_000,
            points: 2_000_000,
        }
    }
}
