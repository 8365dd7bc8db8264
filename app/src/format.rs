//! Numbers and times as people read them. Written over integers: the standard float formatter alone would cost the
//! page more than all of this.

use common::metric::Unit;

use crate::i18n::Words;

/// A number with `decimals` figures after the point (at most 3), rounded half up. What is no number is a dash.
#[must_use]
pub fn fixed(value: f64, decimals: u32) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let scale = 10_u64.pow(decimals.min(3));
    let scaled = (value.abs() * scale as f64).round() as u64;
    let (whole, rest) = (scaled / scale, scaled % scale);
    let sign = if value < 0.0 && scaled > 0 { "−" } else { "" };
    if scale == 1 {
        return [sign, &whole.to_string()].concat();
    }
    let rest = rest.to_string();
    let zeros = &"000"[..(decimals.min(3) as usize).saturating_sub(rest.len())];
    [sign, &whole.to_string(), ".", zeros, &rest].concat()
}

/// A value and its unit, apart, so that the unit can be written smaller.
#[must_use]
pub fn parts(value: f64, unit: Unit) -> (String, &'static str) {
    match unit {
        Unit::Percent => (fixed(value, 1), "%"),
        Unit::Bytes => stepped(value, 1024.0, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]),
        Unit::BytesPerSecond => stepped(value, 1000.0, ["B/s", "kB/s", "MB/s", "GB/s", "TB/s", "PB/s"]),
        Unit::Seconds => (fixed(value, 0), "s"),
        Unit::Celsius => (fixed(value, 1), "°C"),
        // A number of things is whole; a mean of them, or the load, is not.
        Unit::Count => (fixed(value, if value.fract() == 0.0 { 0 } else { 2 }), ""),
    }
}

/// A value with its unit in one text. A percent sign and a degree sign of plain text stand close, as in tables.
#[must_use]
pub fn full(value: f64, unit: Unit) -> String {
    let (number, unit) = parts(value, unit);
    let space = if unit.is_empty() || unit == "%" { "" } else { "\u{a0}" };
    [number.as_str(), space, unit].concat()
}

/// The symbol of a unit, for a column of plain numbers.
#[must_use]
pub const fn symbol(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "%",
        Unit::Bytes => "B",
        Unit::BytesPerSecond => "B/s",
        Unit::Seconds => "s",
        Unit::Celsius => "°C",
        Unit::Count => "",
    }
}

/// A number for programs: in ASCII, with at most three figures after the point and none that say nothing.
#[must_use]
pub fn plain(value: f64) -> String {
    let text = fixed(value.abs(), 3);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "–" => String::new(),
        "0" | "" => "0".to_owned(),
        _ if value < 0.0 => ["-", text].concat(),
        _ => text.to_owned(),
    }
}

/// Formats a value for an axis: no more digits than the label needs.
#[must_use]
pub fn tick(value: f64, unit: Unit) -> String {
    let (number, name) = parts(value, unit);
    let number = number.strip_suffix(".00").or_else(|| number.strip_suffix(".0")).unwrap_or(&number);
    if value == 0.0 { "0".to_owned() } else { [number, "\u{a0}", name].concat() }
}

fn stepped(value: f64, step: f64, names: [&'static str; 6]) -> (String, &'static str) {
    let mut value = value.max(0.0);
    let mut names = names.into_iter();
    let mut name = names.next().unwrap_or_default();
    // One figure below the step: 1,023.96 would round to 1,024.0.
    while value >= step - 0.05 {
        let Some(larger) = names.next() else { break };
        (value, name) = (value / step, larger);
    }
    let decimals = if name.starts_with('B') || value >= 99.95 { 0 } else { 1 };
    (fixed(value, decimals), name)
}

/// A length of time in its largest unit: `350 ms`, `4 s`, `12 min`, `3 h`, `2 days`.
#[must_use]
pub fn duration(ms: u64, words: &Words) -> String {
    let seconds = ms / 1000;
    match seconds {
        0 => (words.milliseconds)(ms),
        1..60 => (words.seconds)(seconds),
        60..3600 => (words.minutes)(seconds / 60),
        3600..86_400 => (words.hours)(seconds / 3600),
        _ => (words.days)(seconds / 86_400),
    }
}

/// A length of time in its two largest units, for uptimes: `12 days 4 h`.
#[must_use]
pub fn long_duration(ms: u64, words: &Words) -> String {
    let large = duration(ms, words);
    let unit = match ms / 1000 {
        0..60 => return large,
        60..3600 => 60_000,
        3600..86_400 => 3_600_000,
        _ => 86_400_000,
    };
    let rest = ms % unit;
    let next = if unit == 86_400_000 { 3_600_000 } else { unit / 60 };
    if rest < next { large } else { [&large, " ", &duration(rest, words)].concat() }
}

/// Formats the time since a measurement: below two seconds it is now.
#[must_use]
pub fn age(ms: u64, words: &Words) -> String {
    if ms < 2000 { words.just_now.to_owned() } else { (words.age)(&duration(ms, words)) }
}

/// A time zone: the offset of a clock from UTC. It is another one in summer than in winter, so each moment is asked
/// for its own.
pub trait Zone {
    /// Minutes east of UTC at that moment, milliseconds since 1970.
    fn minutes_at(&self, at_ms: u64) -> i32;
}

impl<Z: Zone> Zone for &Z {
    fn minutes_at(&self, at_ms: u64) -> i32 {
        (**self).minutes_at(at_ms)
    }
}

/// One that never changes.
impl Zone for i32 {
    fn minutes_at(&self, _: u64) -> i32 {
        *self
    }
}

/// The time of day, `14:03:27`, in a zone.
#[must_use]
pub fn clock(at_ms: u64, zone: impl Zone) -> String {
    time_of_day(at_ms, zone.minutes_at(at_ms))
}

fn time_of_day(at_ms: u64, zone: i32) -> String {
    let (_, [hour, minute, second]) = civil(at_ms, zone);
    [two(hour).as_str(), ":", &two(minute), ":", &two(second)].concat()
}

/// The time of day to the minute, `14:03`.
#[must_use]
pub fn minute(at_ms: u64, zone: impl Zone) -> String {
    let (_, [hour, minute, _]) = civil(at_ms, zone.minutes_at(at_ms));
    [two(hour).as_str(), ":", &two(minute)].concat()
}

/// The date of ISO 8601, `2026-11-20`.
#[must_use]
pub fn date(at_ms: u64, zone: impl Zone) -> String {
    let ([year, month, day], _) = civil(at_ms, zone.minutes_at(at_ms));
    [&year.to_string(), "-", &two(month), "-", &two(day)].concat()
}

/// Date and time of ISO 8601 in UTC, for a tooltip and for files: `2026-11-20T14:03:27Z`.
#[must_use]
pub fn iso(at_ms: u64) -> String {
    [&date(at_ms, 0), "T", &clock(at_ms, 0), "Z"].concat()
}

/// The date of a moment and of the day before it, by the calendar: a day may have 23 or 25 hours.
#[must_use]
pub fn date_and_eve(at_ms: u64, zone: impl Zone) -> [String; 2] {
    let zone = zone.minutes_at(at_ms);
    [at_ms, at_ms.saturating_sub(86_400_000)].map(|at| date(at, zone))
}

/// Date and time of ISO 8601 to the millisecond in a zone, with its offset: `2026-11-20T23:03:27.123+09:00`.
#[must_use]
pub fn stamp(at_ms: u64, zone: impl Zone) -> String {
    let zone = zone.minutes_at(at_ms);
    let ms = (1000 + at_ms % 1000).to_string();
    let sign = if zone < 0 { "-" } else { "+" };
    let (hours, minutes) = (i64::from(zone.abs() / 60), i64::from(zone.abs() % 60));
    let (date, time) = (date(at_ms, zone), time_of_day(at_ms, zone));
    [&date, "T", &time, ".", &ms[1..], sign, &two(hours), ":", &two(minutes)].concat()
}

fn two(number: i64) -> String {
    [if number < 10 { "0" } else { "" }, &number.to_string()].concat()
}

/// Days to a date of the Gregorian calendar, by Howard Hinnant's `civil_from_days` ("chrono-Compatible Low-Level
/// Date Algorithms"), with years that begin in March.
fn civil(at_ms: u64, zone: i32) -> ([i64; 3], [i64; 3]) {
    let seconds = (at_ms / 1000) as i64 + i64::from(zone) * 60;
    let (days, second) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    ([year, month, day], [second / 3600, second % 3600 / 60, second % 60])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn numbers_are_rounded_to_their_figures() {
        for (value, decimals, text) in [
            (0.0, 1, "0.0"),
            (42.449, 1, "42.4"),
            (99.96, 1, "100.0"),
            (-3.25, 2, "−3.25"),
            (-0.01, 1, "0.0"),
            (7.005, 3, "7.005"),
            (f64::NAN, 1, "–"),
        ] {
            assert_eq!(fixed(value, decimals), text);
        }
    }

    #[test]
    fn memory_counts_in_1024_and_rates_in_1000() {
        assert_eq!(full(0.0, Unit::Bytes), "0\u{a0}B");
        assert_eq!(full(1023.96, Unit::Bytes), "1.0\u{a0}KiB");
        assert_eq!(full(8.0 * 1024.0 * 1024.0 * 1024.0, Unit::Bytes), "8.0\u{a0}GiB");
        assert_eq!(full(1_250_000.0, Unit::BytesPerSecond), "1.3\u{a0}MB/s");
        assert_eq!(full(250_000.0, Unit::BytesPerSecond), "250\u{a0}kB/s");
        assert_eq!(full(42.5, Unit::Percent), "42.5%");
        assert_eq!(tick(2_000_000.0, Unit::BytesPerSecond), "2\u{a0}MB/s");
    }

    #[test]
    fn a_number_of_things_has_no_decimals() {
        assert_eq!(full(3.0, Unit::Count), "3");
        assert_eq!(full(0.0, Unit::Count), "0");
        assert_eq!(full(0.5, Unit::Count), "0.50", "a load is no number of things");
    }

    #[test]
    fn durations_use_their_largest_units() {
        let words = Words::of(Language::En);
        let told = |ms| duration(ms, words);
        assert_eq!([told(350), told(4_200), told(720_000)], ["350 ms", "4 s", "12 min"]);
        assert_eq!(long_duration(4 * 86_400_000 + 7_300_000, words), "4 days 2 h");
        assert_eq!(long_duration(86_400_000, words), "1 day");
        assert_eq!(age(1_900, words), "just now");
        assert_eq!(age(9_000, Words::of(Language::Ko)), "9초 전");
    }

    #[test]
    fn times_are_those_of_the_zone() {
        let at = 1_795_183_407_000_u64;
        assert_eq!(iso(at), "2026-11-20T14:03:27Z");
        assert_eq!(clock(at, 9 * 60), "23:03:27");
        assert_eq!(clock(at, -14 * 60), "00:03:27");
        assert_eq!((date(at, 10 * 60), minute(at, 10 * 60)), ("2026-11-21".into(), "00:03".into()));
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(stamp(at + 7, 9 * 60), "2026-11-20T23:03:27.007+09:00");
        assert_eq!(stamp(at + 999, -210), "2026-11-20T10:33:27.999-03:30");
    }

    #[test]
    fn numbers_for_programs_are_plain() {
        for (value, text) in [
            (0.0, "0"),
            (42.0, "42"),
            (100.0, "100"),
            (0.5, "0.5"),
            (1.0 / 3.0, "0.333"),
            (-3.25, "-3.25"),
            (-0.0001, "0"),
            (97_572_749_312.0, "97572749312"),
            (f64::NAN, ""),
        ] {
            assert_eq!(plain(value), text);
        }
    }

    /// New York's: summer time until 6:00 UTC of November 1st, 2026, and from 7:00 UTC of March 8th.
    struct NewYork;

    impl Zone for NewYork {
        fn minutes_at(&self, at_ms: u64) -> i32 {
            let is_winter = (1_793_512_800_000..1_805_007_600_000).contains(&at_ms);
            if is_winter || at_ms < 1_772_953_200_000 { -300 } else { -240 }
        }
    }

    #[test]
    fn each_moment_has_the_offset_of_its_own_season() {
        let (october, november, march) = (1_793_509_200_000, 1_793_516_400_000, 1_805_007_600_000);
        assert_eq!(clock(october, NewYork), "01:00:00");
        assert_eq!(clock(november, NewYork), "02:00:00", "an hour was lived twice");
        assert_eq!((minute(march, NewYork), date(march, NewYork)), ("03:00".into(), "2027-03-14".into()));
    }

    #[test]
    fn yesterday_is_the_day_before_by_the_calendar() {
        // Half past midnight after the day of 23 hours, and late on the day of 25.
        let after_short = 1_805_085_000_000;
        assert_eq!(date_and_eve(after_short, NewYork), ["2027-03-15", "2027-03-14"]);
        let late_on_long = 1_793_593_800_000;
        assert_eq!(date_and_eve(late_on_long, NewYork), ["2026-11-01", "2026-10-31"]);
    }
}
