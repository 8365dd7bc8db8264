//! The intervals of measuring, and the prober.

use std::{ops::RangeInclusive, path::PathBuf, time::Duration};

/// The bounds of the fast interval, milliseconds.
pub const FAST_MS: RangeInclusive<u64> = 10..=60_000;
/// The bounds of the slow interval, milliseconds. A program's share of the CPU cannot be had more often than every 200 ms
/// (`sysinfo::MINIMUM_CPU_UPDATE_INTERVAL`).
pub const SLOW_MS: RangeInclusive<u64> = 500..=600_000;

/// The intervals of the measurements while someone watches, and the prober.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorSettings {
    /// CPU, memory and disk space: 10 ms to 60 s.
    pub fast: Duration,
    /// All the rest: 500 ms to 10 min, and not more often than `fast`.
    pub slow: Duration,
    /// The program that asks what may never answer, run as `PROGRAM probe`: this very binary. Without it the collector asks itself,
    /// and a part of it may hang.
    pub prober: Option<PathBuf>,
}

/// An interval that cannot be kept or makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadInterval {
    /// `fast` is out of its range.
    #[error("the fast interval is 10 ms to 60 s, not {0:?}")]
    Fast(Duration),
    /// `slow` is out of its range.
    #[error("the slow interval is 500 ms to 10 min, not {0:?}")]
    Slow(Duration),
    /// The slow interval is shorter than the fast one.
    #[error("the slow interval, {slow:?}, is shorter than the fast one, {fast:?}")]
    Crossed {
        /// As given.
        fast: Duration,
        /// As given.
        slow: Duration,
    },
}

impl CollectorSettings {
    /// Checks that both intervals are within their ranges.
    ///
    /// # Errors
    /// The first that is not.
    pub fn validate(self) -> Result<Self, BadInterval> {
        let Self { fast, slow, .. } = self;
        let within = |bounds: &RangeInclusive<u64>, interval: Duration| {
            (Duration::from_millis(*bounds.start())..=Duration::from_millis(*bounds.end()))
                .contains(&interval)
        };
        if !within(&FAST_MS, fast) {
            return Err(BadInterval::Fast(fast));
        }
        if !within(&SLOW_MS, slow) {
            return Err(BadInterval::Slow(slow));
        }
        if slow < fast { Err(BadInterval::Crossed { fast, slow }) } else { Ok(self) }
    }
}

impl Default for CollectorSettings {
    fn default() -> Self {
        Self { fast: Duration::from_millis(500), slow: Duration::from_secs(2), prober: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_intervals_within_their_ranges_are_taken() {
        let of = |fast, slow| {
            let (fast, slow) = (Duration::from_millis(fast), Duration::from_millis(slow));
            CollectorSettings { fast, slow, prober: None }.validate()
        };
        assert!(CollectorSettings::default().validate().is_ok());
        assert!(of(10, 500).is_ok());
        assert!(matches!(of(9, 500), Err(BadInterval::Fast(_))));
        assert!(matches!(of(60_001, 600_000), Err(BadInterval::Fast(_))));
        assert!(matches!(of(10, 499), Err(BadInterval::Slow(_))));
        assert!(matches!(of(500, 600_001), Err(BadInterval::Slow(_))));
        assert!(matches!(of(5_000, 2_000), Err(BadInterval::Crossed { .. })));
    }
}
