//! Times on the engine's clock.

use std::{fmt, time::Duration};

const SECOND: u64 = 1_000_000_000;
const DAY: i64 = 86_400;

/// Nanoseconds since 1970 on the engine's clock, as its events tell them. Such numbers are above 2^53: no floating-point number holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct EventTime(pub u64);

impl EventTime {
    /// The time of a Unix second.
    #[must_use]
    pub fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// Parses RFC 3339 as engines write it, with any fraction and offset. Nothing for what is none, or not after 1970: engines write the year
    /// 1 for what has not happened.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| -> Option<i64> {
            let digits = text.get(from..to)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let bytes = text.as_bytes();
        let shape = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
        if shape.iter().any(|(at, letter)| bytes.get(*at) != Some(letter)) {
            return None;
        }
        if !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let in_bounds =
            (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
        if !in_bounds {
            return None;
        }
        let rest = text.get(19..)?;
        let (nanoseconds, zone) = fraction(rest)?;
        let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset(zone)?;
        let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
        seconds.checked_mul(SECOND)?.checked_add(nanoseconds).map(Self)
    }

    /// The whole seconds since 1970.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0 / SECOND
    }

    /// The beginning of the second.
    #[must_use]
    pub fn floor_second(self) -> Self {
        Self(self.0 - self.0 % SECOND)
    }

    /// The time that has passed since an earlier one; nothing for a later one, for clocks are set.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// The time as a parameter, `SECONDS.NNNNNNNNN`: Docker takes that exactly, Podman as the whole second.
    #[must_use]
    pub fn parameter(self) -> String {
        format!("{}.{:09}", self.0 / SECOND, self.0 % SECOND)
    }
}

impl fmt::Display for EventTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parameter())
    }
}

/// Splits `.123Z` into nanoseconds and the zone.
fn fraction(rest: &str) -> Option<(u64, &str)> {
    let Some(digits) = rest.strip_prefix('.') else { return Some((0, rest)) };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let kept = digits.get(..length.min(9)).filter(|kept| !kept.is_empty())?;
    let value: u64 = kept.parse().ok()?;
    let scale = 10_u64.pow(9 - u32::try_from(kept.len()).ok()?);
    Some((value * scale, &digits[length..]))
}

/// The seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let number = |digits: &str| -> Option<i64> {
        (digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| digits.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Days from 1970 in the Gregorian calendar, by counting years from March so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let from_march = (month + 9) % 12;
    let year = if month <= 2 { year - 1 } else { year };
    let in_year = (153 * from_march + 2) / 5 + day - 1;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719,468 days lie between the first of March of the year 0 and 1970.
    year * 365 + leaps + in_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::EventTime;

    #[test]
    fn times_of_engines_are_read_to_the_nanosecond() {
        let cases = [
            ("2026-11-28T01:49:16.802930774Z", 1_795_830_556_802_930_774),
            ("2026-11-28T01:54:15.453317Z", 1_795_830_855_453_317_000),
            ("2026-11-28T02:35:42Z", 1_795_833_342_000_000_000),
            ("2026-11-28T03:35:42+01:00", 1_795_833_342_000_000_000),
            ("2026-11-27T21:05:42.000000001-05:30", 1_795_833_342_000_000_001),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000),
            ("2026-11-28T02:35:42.1234567891234Z", 1_795_833_342_123_456_789),
        ];
        for (text, wanted) in cases {
            assert_eq!(EventTime::parse(text), Some(EventTime(wanted)), "{text}");
        }
    }

    #[test]
    fn the_year_one_and_what_is_no_time_are_none() {
        let bad = [
            "0001-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "",
            "now",
            "2026-11-28",
            "2026-13-28T01:49:16Z",
            "2026-11-28T01:49:16",
            "2026-11-28T01:49:16.Z",
            "2026-11-28T01:49:16+1:0",
            "2026-11-28T25:49:16Z",
            "９９９９-11-28T01:49:16Z",
            "9999-12-31T23:59:59Z",
            "+026-11-28T01:49:16Z",
            "2026-11-28T01:49:16Zé",
        ];
        for text in bad {
            assert_eq!(EventTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_parameter_has_nine_digits() {
        assert_eq!(EventTime(1_795_830_896_000_000_007).parameter(), "1795830896.000000007");
        assert_eq!(EventTime(u64::MAX).parameter(), "18446744073.709551615");
        assert_eq!(
            EventTime(1_795_830_896_000_000_007).floor_second(),
            EventTime::from_seconds(1_795_830_896)
        );
        assert_eq!(EventTime::from_seconds(u64::MAX), EventTime(u64::MAX));
        assert!(EventTime(1).since(EventTime(2)).is_zero());
    }
}
