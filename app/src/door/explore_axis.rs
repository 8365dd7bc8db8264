//! The axes of Explore: names of moments in a zone, and of values that may be of any size and sign.

use charts::{Scale, nice_max, ticks};
use common::metric::Unit;

use super::history_span::{DAY, HOUR, MINUTE};
use crate::format;

/// Steps between the names of a time axis.
const STEPS: [u64; 25] = [
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    61 * DAY,
    183 * DAY,
    366 * DAY,
];
/// The end of an axis is so many times the highest value at least.
const HEADROOM: f64 = 1.05;

/// The names of a time axis, at most so many: seconds, minutes, or days. A day that begins is named by its date.
pub(super) fn time_ticks(from: u64, to: u64, zone: i32, most: u64) -> Vec<(f64, String)> {
    let length = to.saturating_sub(from);
    let longest = STEPS[STEPS.len() - 1];
    let step = STEPS.into_iter().find(|step| length / step <= most);
    let step = step.unwrap_or_else(|| longest * (length / longest / most.max(1) + 1));
    // Round in the reader's zone, and not in UTC.
    let offset = i64::from(zone) * 60_000;
    let first = (from as i64 + offset).div_euclid(step as i64) * step as i64 - offset;
    let name = |at: u64| {
        let time = format::clock(at, zone);
        match time.strip_suffix(":00") {
            _ if step >= DAY || time == "00:00:00" => format::date(at, zone),
            Some(minute) if step >= MINUTE => minute.to_owned(),
            _ => time,
        }
    };
    (0..=most + 1)
        .map(|index| first + (index * step) as i64)
        .filter_map(|at| u64::try_from(at).ok().filter(|at| (from..=to).contains(at)))
        .map(|at| (at as f64, name(at)))
        .collect()
}

/// The ends of a value axis that holds these values, and its names.
pub(super) fn value_axis(values: impl Iterator<Item = f64>, unit: Unit) -> (f64, f64, Vec<(f64, String)>) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let scale = match unit {
        Unit::Percent => Scale::Percent,
        Unit::Bytes => Scale::Iec,
        _ => Scale::Si,
    };
    let below = if low < 0.0 { nice_max(-low * HEADROOM, Scale::Si) } else { 0.0 };
    let above = match (unit, high > 0.0) {
        (Unit::Percent, _) => nice_max(high, scale),
        (_, false) if below > 0.0 => 0.0,
        _ => nice_max(high * HEADROOM, scale),
    };
    let count = if below > 0.0 { 2 } else { 4 };
    let upper = if above > 0.0 { ticks(above, count, scale) } else { vec![0.0] };
    let lower = if below > 0.0 { ticks(below, count, Scale::Si) } else { Vec::new() };
    let lower = lower.into_iter().skip(1).rev().map(|value| -value);
    let names = lower.chain(upper).map(|value| (value, number(value, unit))).collect();
    (-below, above, names)
}

/// A value with its unit. Unlike the page's cards, a plain number may be of any size.
pub(super) fn number(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => plain_number(value),
        Unit::Seconds => [&plain_number(value), "\u{a0}s"].concat(),
        Unit::Percent if value.fract() == 0.0 => [&format::fixed(value, 0), "%"].concat(),
        unit => format::full(value, unit),
    }
}

/// Three or four figures of a number, with a letter for thousands of thousands.
fn plain_number(value: f64) -> String {
    const LETTERS: [(f64, &str); 4] = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")];
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    let digits = if size == 0.0 {
        "0".to_owned()
    } else if !(1e-4..1e18).contains(&size) {
        format!("{size:.2e}")
    } else if let Some((unit, letter)) = LETTERS.into_iter().find(|(unit, _)| size >= *unit) {
        [&trimmed(format!("{:.2}", size / unit)), letter].concat()
    } else if size.fract() == 0.0 || size >= 1e4 {
        format!("{size:.0}")
    } else if size >= 1.0 {
        trimmed(format!("{size:.2}"))
    } else {
        // Three figures behind the zeros.
        let zeros = (-size.log10().floor()) as usize;
        trimmed(format!("{size:.*}", zeros + 2))
    };
    if value < 0.0 { ["−", &digits].concat() } else { digits }
}

fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The name of a zone: `UTC`, or `UTC+09:00`.
pub(super) fn zone_name(zone: i32) -> String {
    if zone == 0 {
        return "UTC".to_owned();
    }
    let (hours, minutes) = (zone.unsigned_abs() / 60, zone.unsigned_abs() % 60);
    format!("UTC{}{hours:02}:{minutes:02}", if zone < 0 { "−" } else { "+" })
}

/// The name of a zone where there is little room.
pub(super) fn short_zone_name(zone: i32) -> String {
    let name = zone_name(zone);
    name.strip_prefix("UTC").filter(|offset| !offset.is_empty()).unwrap_or(&name).to_owned()
}

/// A moment of a view of this length: to the minute, or to the second where that is told apart.
pub(super) fn moment(at: u64, zone: i32, length: u64) -> String {
    let time = if length < 30 * MINUTE { format::clock(at, zone) } else { format::minute(at, zone) };
    [&format::date(at, zone), " ", &time].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_axis_has_a_handful_of_names_for_every_length() {
        for length in [10_000, 60_000, 900_000, HOUR, 25 * HOUR, 7 * DAY, 400 * DAY, 7_000 * DAY] {
            for (zone, to) in [(0, 1_796_000_123_456), (345, 1_796_000_000_000), (-600, 7_000 * DAY)] {
                let names = time_ticks(to - length, to, zone, 8);
                assert!((2..=10).contains(&names.len()), "{length} {zone}: {names:?}");
                assert!(names.windows(2).all(|two| two[0] != two[1] && two[0].1 != two[1].1), "{names:?}");
            }
        }
    }

    #[test]
    fn names_are_round_in_the_readers_zone() {
        // 2026-11-29 20:00 UTC to the next noon.
        let from = 1_795_982_400_000;
        let names = |zone| {
            let ticks = time_ticks(from, from + 16 * HOUR, zone, 4);
            ticks.into_iter().map(|tick| tick.1).collect::<Vec<_>>()
        };
        assert_eq!(names(0), ["20:00", "2026-11-30", "04:00", "08:00", "12:00"]);
        assert_eq!(names(9 * 60), ["08:00", "12:00", "16:00", "20:00"]);
        assert_eq!(names(330)[0], "04:00");
    }

    #[test]
    fn a_value_axis_holds_every_value_of_either_sign() {
        for (values, unit, ends) in [
            (vec![3.0, 40.0], Unit::Percent, (0.0, 100.0)),
            (vec![150.0], Unit::Percent, (0.0, 150.0)),
            (vec![], Unit::Count, (0.0, 1.0)),
            (vec![-4.0, 7.0, f64::NAN], Unit::Celsius, (-5.0, 8.0)),
            (vec![-4.0], Unit::Count, (-5.0, 0.0)),
        ] {
            let (min, max, names) = value_axis(values.iter().copied(), unit);
            assert_eq!((min, max), ends, "{values:?}");
            assert!(names.len() >= 2 && names.is_sorted_by(|one, next| one.0 < next.0), "{names:?}");
            assert!(names.iter().all(|name| (min..=max).contains(&name.0)), "{names:?}");
        }
    }

    #[test]
    fn a_plain_number_of_any_size_has_a_few_figures() {
        for (value, text) in [
            (0.0, "0"),
            (3.0, "3"),
            (0.25, "0.25"),
            (-0.001_234_5, "−0.00123"),
            (1_234.567, "1234.57"),
            (12_345.6, "12346"),
            (97_572_749_312.0, "97.57G"),
            (2e9, "2G"),
            (1e300, "1.00e300"),
            (1e-9, "1.00e-9"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(plain_number(value), text);
        }
        assert_eq!(number(0.25, Unit::Seconds), "0.25\u{a0}s");
        assert_eq!(
            (number(50.0, Unit::Percent), number(12.34, Unit::Percent)),
            ("50%".into(), "12.3%".into())
        );
    }

    #[test]
    fn a_zone_has_its_name() {
        assert_eq!([0, 540, -210].map(zone_name), ["UTC", "UTC+09:00", "UTC−03:30"]);
        assert_eq!(moment(1_795_183_407_000, 540, HOUR), "2026-11-20 23:03");
        assert_eq!(moment(1_795_183_407_000, 0, MINUTE), "2026-11-20 14:03:27");
    }
}
