//! The times of lines, as the reader wants them.

use crate::format::{self, Zone};

/// The times that stand before lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeStyle {
    None,
    Local,
    Utc,
    /// Since the first line.
    Relative,
}

impl TimeStyle {
    pub(super) const ALL: [Self; 4] = [Self::Local, Self::Utc, Self::Relative, Self::None];

    /// The columns that a time takes.
    pub(super) const fn columns(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Local | Self::Utc => 13,
            Self::Relative => 11,
        }
    }
}

/// The time of a line, microseconds, before its text. A day that is not `today` stands before it.
pub(super) fn stamp(at: u64, style: TimeStyle, zone: &impl Zone, today: &str, first: u64) -> String {
    match style {
        _ if at == 0 => "–".to_owned(),
        TimeStyle::None => String::new(),
        TimeStyle::Local => of_day(at, zone, today),
        TimeStyle::Utc => of_day(at, &0, today),
        TimeStyle::Relative => since(at, first),
    }
}

fn of_day(at: u64, zone: &impl Zone, today: &str) -> String {
    let ms = at / 1000;
    let date = format::date(ms, zone);
    let time = [&*format::clock(ms, zone), ".", &padded(ms % 1000, 3)].concat();
    if date == today { time } else { [&date, " ", &time].concat() }
}

/// `+1:02:03.456`, or as much of it as there is.
fn since(at: u64, first: u64) -> String {
    let sign = if at < first { "−" } else { "+" };
    let ms = at.abs_diff(first) / 1000;
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    let large = match (hours, minutes) {
        (0, 0) => seconds.to_string(),
        (0, _) => [&*minutes.to_string(), ":", &padded(seconds, 2)].concat(),
        _ => [&*hours.to_string(), ":", &padded(minutes, 2), ":", &padded(seconds, 2)].concat(),
    };
    [sign, &large, ".", &padded(ms % 1000, 3)].concat()
}

fn padded(number: u64, digits: usize) -> String {
    let text = number.to_string();
    ["0".repeat(digits.saturating_sub(text.len())), text].concat()
}

/// The moment that a field of date and time says, by the reader's clock: `2026-11-30T01:02` or with seconds. Unix microseconds.
pub(super) fn moment(text: &str, zone: &impl Zone) -> Option<u64> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let mut date = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = time.split([':', '.']).map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next().unwrap_or(Some(0))?);
    let in_bounds = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    if !in_bounds {
        return None;
    }
    let ms = (days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * 1000;
    // The zone is asked for the moment itself: near a change of the clocks the first guess may be on the other side.
    let guess = u64::try_from(ms - i64::from(zone.minutes_at(u64::try_from(ms).ok()?)) * 60_000).ok()?;
    let exact = u64::try_from(ms - i64::from(zone.minutes_at(guess)) * 60_000).ok()?;
    Some(exact * 1000)
}

/// Days since 1970, by Howard Hinnant's `days_from_civil` ("chrono-Compatible Low-Level Date Algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AT: u64 = 1_795_183_407_089_000;
    const SEOUL: i32 = 540;

    #[test]
    fn a_line_of_today_has_its_time_and_an_older_one_its_day() {
        let of = |style, today: &str| stamp(AT, style, &SEOUL, today, AT - 62_003_000);
        assert_eq!(of(TimeStyle::Utc, "2026-11-20"), "14:03:27.089");
        assert_eq!(of(TimeStyle::Local, "2026-11-20"), "23:03:27.089");
        assert_eq!(of(TimeStyle::Local, "2026-11-21"), "2026-11-20 23:03:27.089");
        assert_eq!(of(TimeStyle::Relative, ""), "+1:02.003");
        assert_eq!(of(TimeStyle::None, ""), "");
        assert_eq!(stamp(0, TimeStyle::Utc, &0, "", 0), "–", "nobody knows when");
    }

    #[test]
    fn a_time_since_the_first_line_says_what_there_is() {
        assert_eq!(since(1_500_000, 1_499_000), "+0.001");
        assert_eq!(since(3_723_456_000, 0), "+1:02:03.456");
        assert_eq!(since(0, 2_000_000), "−2.000");
    }

    #[test]
    fn a_field_says_a_moment_of_the_readers_clock() {
        assert_eq!(moment("2026-11-20T23:03:27", &SEOUL), Some(1_795_183_407_000_000));
        assert_eq!(moment("2026-11-20T14:03", &0), Some(1_795_183_380_000_000));
        for bad in ["", "2026-11-20", "2026-13-01T00:00", "2026-11-20T24:00", "x-1-1T1:1", "1969-01-01T00:00"]
        {
            assert_eq!(moment(bad, &0), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_moment_reads_back_from_what_is_shown(seconds in 1_000_000_u64..4_000_000_000, zone in -720_i32..840) {
            let shown = format::stamp(seconds * 1000, zone);
            prop_assert_eq!(moment(&shown[..19], &zone), Some(seconds * 1_000_000));
        }
    }
}
