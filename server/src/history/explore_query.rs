//! The query of Explore, read: whatever of it makes sense, and the first thing that does not.

use super::question::{LATEST, STEPS, read_aggregate, usual_step};
use app::door::{
    EXPLORE_SERIES, ExploreComparison, ExploreProblem, ExploreRange, ExploreView, HISTORY_SPANS, HistorySpan,
};

/// The longest time that is shown at once.
const LONGEST: u64 = 20 * 366 * 24 * 3_600_000;
/// The zones that there are, minutes east of UTC.
const ZONES: std::ops::RangeInclusive<i32> = -14 * 60..=14 * 60;
/// The longest search, characters.
const FIND: usize = 200;

/// A query of Explore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExploreQuery {
    pub(super) view: ExploreView,
    /// Milliseconds.
    pub(super) step: u64,
    /// The first thing that makes no sense; the page shows the rest.
    pub(super) problem: Option<ExploreProblem>,
}

/// The parameters of a time, as far as they are there.
#[derive(Default)]
struct TimeParameters {
    span: Option<HistorySpan>,
    from: Option<u64>,
    to: Option<u64>,
    /// Times of a clock in the reader's zone, as if they were of UTC, seconds.
    start: Option<i64>,
    end: Option<i64>,
}

impl ExploreQuery {
    /// Reads the query of an address, in which `series` may stand several times. `now` is in milliseconds since 1970.
    pub(super) fn read(query: &str, now: u64) -> Self {
        let mut problems = Vec::new();
        let mut view = ExploreView::live(Vec::new(), HISTORY_SPANS[1], now);
        let mut times = TimeParameters::default();
        let mut step = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // A form sends what is left empty, too.
            if value.is_empty() && name != "series" && name != "find" {
                continue;
            }
            let read = match &*name {
                "series" => read_series(&mut view, &value),
                "span" => read_span(&value).map(|span| times.span = Some(span)),
                "from" => read_time("from", &value).map(|at| times.from = Some(at)),
                "to" => read_time("to", &value).map(|at| times.to = Some(at)),
                "start" => read_clock(&value)
                    .map(|at| times.start = Some(at))
                    .ok_or(ExploreProblem::BadTime("start")),
                "end" => {
                    read_clock(&value).map(|at| times.end = Some(at)).ok_or(ExploreProblem::BadTime("end"))
                }
                "zone" => read_zone(&value).map(|zone| view.zone = zone).ok_or(ExploreProblem::BadZone),
                "compare" => read_comparison(&value).map(|comparison| view.comparison = comparison),
                "step" => read_time("step", &value).map(|length| step = Some(length)),
                "aggregate" => read_aggregate(&value).map(|read| view.aggregate = read).map_err(|_| {
                    ExploreProblem::BadChoice { name: "aggregate", values: "min, average, max, last, count" }
                }),
                "stack" => match &*value {
                    "0" | "1" => {
                        view.is_stacked = value == "1";
                        Ok(())
                    }
                    _ => Err(ExploreProblem::BadChoice { name: "stack", values: "1, 0" }),
                },
                "find" => {
                    view.find = Some(value.trim().chars().take(FIND).collect());
                    Ok(())
                }
                _ => Ok(()),
            };
            problems.extend(read.err());
        }
        view.range = read_range(&times, view.zone, now).unwrap_or_else(|problem| {
            problems.push(problem);
            usual_range(now)
        });
        let length = view.range.to - view.range.from;
        let usual = usual_step(length as i64) as u64;
        let is_too_short = |step: &u64| *step == 0 || length / step >= STEPS as u64;
        problems.extend(step.filter(is_too_short).map(|_| ExploreProblem::BadStep));
        let step = step.filter(|step| !is_too_short(step)).unwrap_or(usual);
        Self { view, step, problem: problems.into_iter().next() }
    }
}

fn read_series(view: &mut ExploreView, text: &str) -> Result<(), ExploreProblem> {
    let shown = || text.chars().filter(|letter| !letter.is_control()).take(80).collect();
    let series = text.parse().map_err(|_| ExploreProblem::BadSeries(shown()))?;
    if view.series.contains(&series) {
        return Ok(());
    }
    if view.series.len() == EXPLORE_SERIES {
        return Err(ExploreProblem::TooManySeries);
    }
    view.series.push(series);
    Ok(())
}

fn read_span(text: &str) -> Result<HistorySpan, ExploreProblem> {
    let values = "15m, 1h, 6h, 24h, 7d, 30d, 1y";
    let span = HISTORY_SPANS.into_iter().find(|span| span.name == text);
    span.ok_or(ExploreProblem::BadChoice { name: "span", values })
}

fn read_comparison(text: &str) -> Result<Option<ExploreComparison>, ExploreProblem> {
    if text == "none" {
        return Ok(None);
    }
    let found = ExploreComparison::ALL.into_iter().find(|one| one.name() == text);
    found.map(Some).ok_or(ExploreProblem::BadChoice { name: "compare", values: "day, week, none" })
}

fn read_time(name: &'static str, text: &str) -> Result<u64, ExploreProblem> {
    text.parse().ok().filter(|at| *at <= LATEST as u64).ok_or(ExploreProblem::BadTime(name))
}

/// An offset from UTC: minutes, or `+09:00`, in which a form's space stands for the plus.
fn read_zone(text: &str) -> Option<i32> {
    let zone = match text.split_once(':') {
        None if text == "Z" => 0,
        None => text.trim_start().trim_start_matches('+').parse().ok()?,
        Some((hours, minutes)) => {
            let (sign, hours) = match hours.strip_prefix('-') {
                Some(hours) => (-1, hours),
                None => (1, hours.strip_prefix(['+', ' ']).unwrap_or(hours)),
            };
            let [hours, minutes] = [hours, minutes].map(two_digits);
            sign * i32::try_from(hours? * 60 + minutes.filter(|minutes| *minutes < 60)?).ok()?
        }
    };
    Some(zone).filter(|zone| ZONES.contains(zone))
}

fn two_digits(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The seconds since 1970 of a `datetime-local` (WHATWG HTML §2.3.5.5), as if it were of UTC.
fn read_clock(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let mut date = date.split('-');
    let year: i64 = date.next()?.parse().ok().filter(|year| (1970..10_000).contains(year))?;
    let (month, day) = (two_digits(date.next()?)?, two_digits(date.next()?)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = [31, 28 + i64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let longest = *days.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    if date.next().is_some() || !(1..=longest).contains(&day) {
        return None;
    }
    let mut time = time.split(':');
    let (hour, minute) = (two_digits(time.next()?)?, two_digits(time.next()?)?);
    let second = time.next().map_or(Some(0), |second| two_digits(second.split('.').next()?))?;
    if time.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let leap_days = |year: i64| year / 4 - year / 100 + year / 400;
    let before = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
    let days = before + days[..month as usize - 1].iter().sum::<i64>() + day - 1;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// The last hour, which goes on.
fn usual_range(now: u64) -> ExploreRange {
    let span = HISTORY_SPANS[1];
    ExploreRange { from: now.saturating_sub(span.length), to: now, live: Some(span) }
}

fn read_range(times: &TimeParameters, zone: i32, now: u64) -> Result<ExploreRange, ExploreProblem> {
    let of_zone = |clock: Option<i64>, name| {
        let at = clock.map(|clock| (clock - i64::from(zone) * 60) * 1_000);
        at.map(|at| u64::try_from(at).map_err(|_| ExploreProblem::BadTime(name))).transpose()
    };
    let from = of_zone(times.start, "start")?.or(times.from);
    let to = of_zone(times.end, "end")?.or(times.to);
    let span = times.span.unwrap_or(HISTORY_SPANS[1]);
    let live = (from.is_none() && to.is_none()).then_some(span);
    let to = to.unwrap_or(now);
    let from = from.unwrap_or_else(|| to.saturating_sub(span.length));
    if from >= to {
        return Err(ExploreProblem::BadRange);
    }
    if to - from > LONGEST {
        return Err(ExploreProblem::TooLong);
    }
    Ok(ExploreRange { from, to, live })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;
    const HOUR: u64 = 3_600_000;

    fn problem(query: &str) -> Option<ExploreProblem> {
        ExploreQuery::read(query, NOW).problem
    }

    #[test]
    fn an_empty_query_is_the_last_hour_and_an_address_is_read_as_it_was_written() {
        let empty = ExploreQuery::read("", NOW);
        assert_eq!(empty.problem, None);
        assert_eq!((empty.view.range.from, empty.step), (NOW - HOUR, 10_000));
        assert_eq!(empty.view.range.live.map(|span| span.name), Some("1h"));
        for query in [
            "series=local%3Acpu.total&series=web-1%3Ax%3A50%2525%253A&from=5&to=9&compare=week&find=a%20b&zone=-210",
            "span=7d",
            "series=local%3Ay%3A%2Fdata%3A&span=1h&aggregate=max&stack=1&compare=day",
        ] {
            let read = ExploreQuery::read(query, NOW);
            assert_eq!(read.problem, None, "{query}");
            let again = ExploreQuery::read(read.view.address().split_once('?').expect("a query").1, NOW);
            assert_eq!(again, read, "{query}");
        }
    }

    #[test]
    fn labels_may_have_colons_and_percent_signs() {
        let read = |text: &str| {
            let view = ExploreQuery::read(&format!("series={text}"), NOW).view;
            view.series.first().map(|series| series.key.labels().to_vec())
        };
        assert_eq!(read("local:x:C%253A:50%2525"), Some(vec!["C:".to_owned(), "50%".to_owned()]));
        assert_eq!(read("local:x:%2Fdata+a"), Some(vec!["/data a".to_owned()]));
        assert_eq!(read("local:x"), Some(vec![]));
        assert_eq!(read("local"), None);
    }

    #[test]
    fn a_clock_of_the_readers_zone_is_a_moment() {
        let range = |query: &str| {
            let read = ExploreQuery::read(query, NOW);
            assert_eq!(read.problem, None, "{query}");
            (read.view.range.from, read.view.range.to)
        };
        assert_eq!(range("start=1970-01-01T00:00&end=1970-01-02T00:00:01.5"), (0, 86_401_000));
        let (from, to) = range("start=2026-11-20T23:03:27&end=2026-11-21T00:03&zone=%2B09:00");
        assert_eq!((from, to), (1_795_183_407_000, 1_795_186_980_000));
        assert_eq!(range("start=2024-02-29T00:00&end=2024-03-01T00:00").0, 1_709_164_800_000);
        assert_eq!(range("to=7200000"), (HOUR, 2 * HOUR));
    }

    #[test]
    fn zones_are_minutes_or_offsets() {
        for (text, zone) in
            [("540", 540), ("+09:00", 540), (" 09:00", 540), ("-03:30", -210), ("Z", 0), ("+60", 60)]
        {
            assert_eq!(read_zone(text), Some(zone), "{text}");
        }
        for text in ["", "x", "99999", "+9:00", "+09:60", "+25:00", "--1", "09:0a"] {
            assert_eq!(read_zone(text), None, "{text}");
        }
    }

    #[test]
    fn garbage_in_each_parameter_is_told_and_the_rest_is_shown() {
        let many: String = (0..21).map(|number| format!("series=local:x:{number}&")).collect();
        for (query, bad) in [
            ("series=x", ExploreProblem::BadSeries("x".into())),
            ("series=", ExploreProblem::BadSeries(String::new())),
            ("series=..%2F:x", ExploreProblem::BadSeries("../:x".into())),
            (&*many, ExploreProblem::TooManySeries),
            ("from=x", ExploreProblem::BadTime("from")),
            ("to=-1", ExploreProblem::BadTime("to")),
            ("to=99999999999999999999", ExploreProblem::BadTime("to")),
            ("start=2026-02-30T00:00&end=2026-03-01T00:00", ExploreProblem::BadTime("start")),
            ("end=2026-13-01T00:00", ExploreProblem::BadTime("end")),
            ("end=1970-01-01T00:00&zone=540", ExploreProblem::BadTime("end")),
            ("from=9&to=5", ExploreProblem::BadRange),
            ("from=5&to=5", ExploreProblem::BadRange),
            ("from=0&to=3155760000000", ExploreProblem::TooLong),
            ("zone=x", ExploreProblem::BadZone),
            ("step=0", ExploreProblem::BadStep),
            ("step=1", ExploreProblem::BadStep),
            ("step=x", ExploreProblem::BadTime("step")),
        ] {
            let read = ExploreQuery::read(query, NOW);
            assert_eq!(read.problem, Some(bad), "{query}");
            assert!(read.view.range.from < read.view.range.to && read.step > 0, "{query}");
        }
        for query in ["span=x", "compare=month", "aggregate=median", "stack=yes"] {
            let name = query.split('=').next().expect("a name");
            assert!(
                matches!(problem(query), Some(ExploreProblem::BadChoice { name: told, .. }) if told == name),
                "{query}"
            );
        }
        let most: String = (0..20).map(|number| format!("series=local:x:{number}&")).collect();
        assert_eq!(problem(&(most + "series=local:x:3")), None, "one that stands twice is one");
        assert_eq!(problem("span=&compare=&zone=&from=&to=&other=x"), None);
    }
}
