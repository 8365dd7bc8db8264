//! Tiers: full resolution, and four that are coarser.

/// Milliseconds of an hour. A file begins at a whole hour, and no bucket is longer.
pub(crate) const HOUR: i64 = 3_600_000;

/// A resolution in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Samples as they came.
    Full,
    /// Ten seconds.
    TenSeconds,
    /// A minute.
    Minute,
    /// Ten minutes.
    TenMinutes,
    /// An hour.
    Hour,
}

impl Tier {
    /// Every tier, the finest first.
    pub const ALL: [Self; 5] = [Self::Full, Self::TenSeconds, Self::Minute, Self::TenMinutes, Self::Hour];
    /// Tiers of buckets, the finest first.
    pub(crate) const BUCKETS: [Self; 4] = [Self::TenSeconds, Self::Minute, Self::TenMinutes, Self::Hour];

    /// Milliseconds of a bucket; one for full resolution.
    #[must_use]
    pub const fn step(self) -> i64 {
        match self {
            Self::Full => 1,
            Self::TenSeconds => 10_000,
            Self::Minute => 60_000,
            Self::TenMinutes => 600_000,
            Self::Hour => HOUR,
        }
    }

    /// The word that names of files begin with.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::TenSeconds => "10s",
            Self::Minute => "1m",
            Self::TenMinutes => "10m",
            Self::Hour => "1h",
        }
    }

    /// Hours of a file of each level. Files of a level are merged into one of the next when its time is over.
    pub(crate) const fn periods(self) -> &'static [i64] {
        match self {
            Self::Full => &[1, 1],
            Self::TenSeconds => &[1, 24],
            Self::Minute => &[1, 24, 96],
            Self::TenMinutes | Self::Hour => &[1, 24, 768],
        }
    }

    /// Sixteenths of all bytes that are its own: it loses files only where it has more, or no other has.
    pub(crate) const fn share(self) -> u64 {
        match self {
            Self::Full => 8,
            Self::TenSeconds => 4,
            Self::Minute => 2,
            Self::TenMinutes | Self::Hour => 1,
        }
    }

    /// The coarsest tier whose buckets fill buckets of this step exactly.
    pub(crate) fn resolving(step: i64) -> Self {
        let fits = |tier: &&Self| step % tier.step() == 0;
        *Self::ALL.iter().rev().find(fits).unwrap_or(&Self::Full)
    }
}
