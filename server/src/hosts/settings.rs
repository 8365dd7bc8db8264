//! The settings of the collector: its intervals and its prober.

use std::{path::PathBuf, time::Duration};

/// The intervals of the measurements while someone watches, and the prober.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CollectorSettings {
    /// CPU, memory and disk space: 10 ms to 60 s.
    pub(crate) fast: Duration,
    /// All the rest: 500 ms to 10 min, and not more often than `fast`.
    pub(crate) slow: Duration,
    /// The program that asks what may never answer, run as `PROGRAM probe`: this very binary. Without it the collector asks itself,
    /// and a part of it may hang.
    pub(crate) prober: Option<PathBuf>,
}

/// An interval that cannot be kept or makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadInterval {
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
    const FASTEST: Duration = Duration::from_millis(10);
    const FAST_LONGEST: Duration = Duration::from_secs(60);
    /// A program's share of the CPU cannot be had more often than every 200 ms
    /// (`sysinfo::MINIMUM_CPU_UPDATE_INTERVAL`).
    const SLOW_SHORTEST: Duration = Duration::from_millis(500);
    const SLOWEST: Duration = Duration::from_secs(600);

    /// Checks that both intervals are within their ranges.
    ///
    /// # Errors
    /// The first that is not.
    pub(crate) fn validate(self) -> Result<Self, BadInterval> {
        let Self { fast, slow, .. } = self;
        if !(Self::FASTEST..=Self::FAST_LONGEST).contains(&fast) {
            return Err(BadInterval::Fast(fast));
        }
        if !(Self::SLOW_SHORTEST..=Self::SLOWEST).contains(&slow) {
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
