//! The cadence of a kind of value, and the ages that follow from it.

/// The time from one value to the next while someone watches, as the host's collector was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence(u32);

/// Values that come faster are neither drawn nor missed one by one.
const FINEST_MS: u64 = 500;
/// Numbers of this age are never called old: a glance at another window lasts as long.
const FRESH_MS: u64 = 10_000;

impl Cadence {
    /// A value every `ms` milliseconds.
    #[must_use]
    pub const fn every(ms: u32) -> Self {
        Self(ms)
    }

    /// The time between two values, milliseconds.
    #[must_use]
    pub const fn ms(self) -> u32 {
        self.0
    }

    /// A value older than this has a successor that is late, milliseconds.
    #[must_use]
    pub fn late_ms(self) -> u64 {
        u64::from(self.0) * 3 + 1000
    }

    /// A value older than this is old, whatever the connection says, milliseconds.
    #[must_use]
    pub fn stale_ms(self) -> u64 {
        (u64::from(self.0) * 5).max(FRESH_MS).max(self.late_ms())
    }

    /// A longer hole between two values is worth asking the server about, milliseconds.
    #[must_use]
    pub fn hole_ms(self) -> u64 {
        self.drawn() * 7 / 2
    }

    /// Two points of a trend that are farther apart were not measured in a row, milliseconds.
    #[must_use]
    pub fn gap_ms(self) -> f64 {
        (self.drawn() * 5) as f64
    }

    fn drawn(self) -> u64 {
        u64::from(self.0).max(FINEST_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends of what the server's settings allow, and what they are when nothing is set.
    const ALL: [u32; 6] = [10, 500, 2_000, 10_000, 60_000, 600_000];

    #[test]
    fn nothing_is_late_old_or_missing_at_its_own_pace() {
        for ms in ALL {
            let (cadence, twice) = (Cadence::every(ms), u64::from(ms) * 2);
            assert!(twice < cadence.late_ms() && twice < cadence.hole_ms(), "{ms}");
            assert!(cadence.late_ms() <= cadence.stale_ms(), "{ms}");
            assert!(
                cadence.hole_ms() as f64 <= cadence.gap_ms(),
                "what is drawn as a gap was asked for: {ms}"
            );
        }
    }

    #[test]
    fn at_the_usual_pace_a_reader_is_told_within_seconds() {
        let fast = Cadence::every(500);
        assert_eq!((fast.late_ms(), fast.stale_ms(), fast.hole_ms()), (2_500, 10_000, 1_750));
    }
}
