//! Decimals that a series keeps.

/// Whole numbers beyond this lose digits on their way through an `f64` and back: such values are kept as they are.
const LARGEST: f64 = (1_u64 << 50) as f64;
const SCALES: [f64; 7] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/// The decimals that a series keeps, 0 to 6: its values are whole multiples of a power of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resolution(u8);

impl Resolution {
    /// Whole numbers.
    pub const WHOLE: Self = Self(0);
    /// The most decimals.
    pub const FINEST: Self = Self(6);

    /// So many decimals; none where there are more than six.
    #[must_use]
    pub const fn decimals(decimals: u8) -> Option<Self> {
        if decimals <= Self::FINEST.0 { Some(Self(decimals)) } else { None }
    }

    /// The number of decimals.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The multiple nearest to a value; none where it is too large to come back, and the value is kept as it is.
    pub(crate) fn scaled(self, value: f64) -> Option<i64> {
        let scaled = (value * SCALES[usize::from(self.0)]).round();
        (scaled.abs() <= LARGEST).then_some(scaled as i64)
    }

    /// The value of a multiple.
    pub(crate) fn value(self, scaled: i64) -> f64 {
        scaled as f64 / SCALES[usize::from(self.0)]
    }

    /// A value as it is read again.
    #[must_use]
    pub fn round(self, value: f64) -> f64 {
        self.scaled(value).map_or(value, |scaled| self.value(scaled))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_multiple_comes_back(decimals in 0_u8..=6, scaled in -(1_i64 << 50)..=(1 << 50)) {
            let resolution = Resolution::decimals(decimals).expect("few decimals");
            prop_assert_eq!(resolution.scaled(resolution.value(scaled)), Some(scaled));
        }

        #[test]
        fn rounding_twice_changes_nothing(decimals in 0_u8..=6, value in any::<f64>()) {
            prop_assume!(value.is_finite());
            let resolution = Resolution::decimals(decimals).expect("few decimals");
            let once = resolution.round(value);
            prop_assert_eq!(resolution.round(once), once);
        }
    }
}
