//! A share of a whole.

use serde::{Deserialize, Serialize};

/// 0 to 100, never NaN. Kernel counters that disagree for a moment are brought into range here, once.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Percent(f64);

impl Percent {
    /// `part` of `whole`; `None` where there is no whole to take a part of.
    #[must_use]
    pub fn of(part: f64, whole: f64) -> Option<Self> {
        (whole > 0.0 && part.is_finite()).then(|| Self::from(100.0 * part / whole))
    }

    /// The share, 0.0 to 100.0.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl From<f64> for Percent {
    fn from(value: f64) -> Self {
        Self(if value.is_nan() { 0.0 } else { value.clamp(0.0, 100.0) })
    }
}

impl From<Percent> for f64 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_brought_into_range() {
        for (given, kept) in
            [(f64::NAN, 0.0), (-3.0, 0.0), (42.5, 42.5), (100.4, 100.0), (f64::INFINITY, 100.0)]
        {
            assert_eq!(Percent::from(given).get(), kept);
        }
        assert_eq!(Percent::of(1.0, 4.0), Some(Percent(25.0)));
        assert_eq!(Percent::of(1.0, 0.0), None);
    }
}
