//! The scale of a value axis: its round maximum and its ticks.

/// The kind of multiples that a scale rounds to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// 0 to 100, always.
    #[default]
    Percent,
    /// Multiples of 1024: memory.
    Iec,
    /// Multiples of 1000: rates and counts.
    Si,
}

/// The smallest round end of an axis from 0 that holds `value`. What is no positive number has an axis to 1.
pub fn nice_max(value: f64, scale: Scale) -> f64 {
    if scale == Scale::Percent && !(value > 100.0 && value.is_finite()) {
        return 100.0;
    }
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    // The factors leave at most a third of the axis empty, and each divides into at most four round steps: 2.5 does not.
    let (base, factors): (f64, &[f64]) = match scale {
        Scale::Iec => (2.0, &[1.0, 1.5, 2.0]),
        Scale::Percent | Scale::Si => (10.0, &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]),
    };
    let unit = power_below(value, base);
    let round = factors.iter().map(|factor| unit * factor).find(|round| *round >= value);
    round.filter(|round| round.is_finite()).unwrap_or(value)
}

/// Evenly spaced round values from 0 to `max`, about `count` steps and never more. Where `max` comes from
/// [`nice_max`] the last one is `max`.
pub fn ticks(max: f64, count: usize, scale: Scale) -> Vec<f64> {
    if !(max.is_finite() && max > 0.0) || count == 0 {
        return vec![0.0];
    }
    let step = step(max, count, scale);
    let last = ((max / step * (1.0 + 1e-9)).floor() as usize).min(count);
    (0..=last).map(|n| (n as f64 * step).min(max)).collect()
}

/// The smallest round step that needs at most `count` steps, preferring one that ends at `max` exactly.
fn step(max: f64, count: usize, scale: Scale) -> f64 {
    let least = max / count as f64;
    let (base, factors): (f64, &[f64]) = match scale {
        Scale::Iec => (2.0, &[1.0, 2.0]),
        Scale::Percent | Scale::Si => (10.0, &[1.0, 2.0, 2.5, 5.0, 10.0]),
    };
    let unit = power_below(least, base);
    let is_enough = |step: &f64| step.is_finite() && *step >= least * (1.0 - 1e-9);
    let round = || factors.iter().map(|factor| unit * factor).filter(is_enough);
    let ends_at_max = |step: &f64| ((max / step).round() * step - max).abs() < max * 1e-9;
    round().find(ends_at_max).or_else(|| round().next()).unwrap_or(least)
}

/// The largest power of `base` that is at most `value`. By multiplication: logarithms would bring a good part of
/// a maths library into the browser's bundle, and round the wrong way at the powers themselves.
fn power_below(value: f64, base: f64) -> f64 {
    let mut power = 1.0;
    while power * base <= value {
        power *= base;
    }
    while power > value && power > f64::MIN_POSITIVE * base {
        power /= base;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percent_axes_end_at_100() {
        for value in [0.0, 3.0, 100.0, f64::NAN, -1.0] {
            assert_eq!(nice_max(value, Scale::Percent), 100.0);
        }
        assert_eq!(ticks(100.0, 4, Scale::Percent), [0.0, 25.0, 50.0, 75.0, 100.0]);
    }

    #[test]
    fn memory_axes_end_at_powers_of_two_and_halves_between() {
        const GIB: f64 = 1_073_741_824.0;
        assert_eq!(nice_max(1.2 * GIB, Scale::Iec), 1.5 * GIB);
        assert_eq!(nice_max(13.0 * GIB, Scale::Iec), 16.0 * GIB);
        assert_eq!(nice_max(GIB, Scale::Iec), GIB);
        assert_eq!(ticks(1.5 * GIB, 4, Scale::Iec), [0.0, 0.5 * GIB, GIB, 1.5 * GIB]);
    }

    #[test]
    fn rate_axes_end_at_round_decimals() {
        assert_eq!(nice_max(1_234.0, Scale::Si), 1_500.0);
        assert_eq!(nice_max(0.07, Scale::Si), 0.08);
        assert_eq!(ticks(5.0, 4, Scale::Si), [0.0, 2.5, 5.0]);
        assert_eq!(ticks(6.0, 4, Scale::Si), [0.0, 2.0, 4.0, 6.0]);
    }

    #[test]
    fn the_last_label_stands_at_the_end_of_the_axis() {
        for scale in [Scale::Si, Scale::Iec] {
            for value in (1..400).map(|n| f64::from(n) * 37.0) {
                let max = nice_max(value, scale);
                assert_eq!(ticks(max, 4, scale).last(), Some(&max), "{value}");
            }
        }
    }

    #[test]
    fn what_is_no_number_has_an_axis_to_one() {
        for value in [0.0, -4.0, f64::NAN, f64::INFINITY] {
            assert_eq!(nice_max(value, Scale::Si), 1.0);
            assert_eq!(ticks(value, 4, Scale::Si), [0.0]);
        }
    }

    #[test]
    fn an_axis_to_the_largest_numbers_has_ticks_that_are_numbers() {
        for value in [1.39e308, f64::MAX / 2.0, f64::MAX] {
            for (scale, count) in
                [Scale::Iec, Scale::Si].into_iter().flat_map(|scale| (1..12).map(move |n| (scale, n)))
            {
                let max = nice_max(value, scale);
                let ticks = ticks(max, count, scale);
                assert!(ticks.iter().all(|tick| *tick <= max), "{value} {scale:?} {count}: {ticks:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn an_axis_holds_its_value_and_its_ticks_are_few(value in proptest::num::f64::POSITIVE, count in 1_usize..12) {
            for scale in [Scale::Iec, Scale::Si] {
                let max = nice_max(value, scale);
                prop_assert!(max >= value && max.is_finite());
                let ticks = ticks(max, count, scale);
                prop_assert!(ticks.len() <= count + 1);
                prop_assert!(ticks.iter().all(|tick| *tick <= max * (1.0 + 1e-6)));
            }
        }
    }
}
