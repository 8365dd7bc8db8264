//! Answers from the folder, in the words of REST.

use std::collections::BTreeSet;

use ::history::{Aggregate, History, HistoryError, Query, Series};
use common::{
    host::HostId,
    past::{PastAggregate, PastRange, PastSeries, PastSeriesSummary},
};

use super::{
    error::PastError,
    key,
    question::{PastQuestion, steps},
};

/// The most series, and the most values, of an answer.
const SERIES: usize = 200;
const VALUES: i64 = 1_000_000;

/// A series may be forgotten between the list and the question; then both are asked for again.
pub(super) const TRIES: usize = 3;

/// The values of a time.
pub(super) fn range(
    history: &History,
    host: &HostId,
    question: &PastQuestion,
) -> Result<PastRange, PastError> {
    for _ in 1..TRIES {
        match range_once(history, host, question) {
            Err(PastError::Unreadable(HistoryError::NoSuchSeries)) => {}
            answer => return answer,
        }
    }
    range_once(history, host, question)
}

fn range_once(history: &History, host: &HostId, question: &PastQuestion) -> Result<PastRange, PastError> {
    let mut found = wanted(history, host, question);
    if question.totals {
        let whole: BTreeSet<usize> =
            found.iter().filter(|one| one.labels.is_empty()).map(|one| one.place).collect();
        found.retain(|one| one.labels.is_empty() || !whole.contains(&one.place));
    }
    found.sort();
    let (from, to, step) = (question.from, question.to, question.step);
    if found.len() > SERIES || steps(from, to, step) * found.len() as i64 > VALUES {
        let many = found.len();
        return Err(PastError::Invalid(format!(
            "{many} series have these metrics: an answer has at most 200 series and 1000000 values"
        )));
    }
    let aggregate = aggregate(question.aggregate);
    let series = found.iter().map(|one| one.series).collect();
    let points = history.query(&Query { series, from, to, step, aggregate })?;
    let told = found.into_iter().zip(points.series).map(|(one, points)| PastSeries {
        metric: question.metrics[one.place].clone(),
        labels: one.labels,
        values: points.values.into_iter().map(|value| value.map(shown)).collect(),
    });
    Ok(PastRange {
        host: host.clone(),
        start_ms: points.start,
        step_ms: points.step,
        aggregate: question.aggregate,
        series: told.collect(),
    })
}

/// The number that the folder is asked for.
pub(super) fn aggregate(of: PastAggregate) -> Aggregate {
    match of {
        PastAggregate::Min => Aggregate::Min,
        PastAggregate::Average => Aggregate::Average,
        PastAggregate::Max => Aggregate::Max,
        PastAggregate::Last => Aggregate::Last,
        PastAggregate::Count => Aggregate::Count,
    }
}

/// Twelve digits: a mean of numbers with two decimals has more by chance, which nobody measured.
pub(super) fn shown(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// A series that is asked for, in the order of the answer.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct WantedSeries {
    /// The place of its metric in the question.
    place: usize,
    labels: Vec<String>,
    series: Series,
}

/// The series that are asked for and have a sample in that time: others are names of the past, of which there may be any number.
fn wanted(history: &History, host: &HostId, question: &PastQuestion) -> Vec<WantedSeries> {
    // The first step begins before the time that is asked for.
    let from = question.from - question.from % question.step;
    let of = |summary: ::history::SeriesSummary| {
        let (of, metric, labels) = key::decode(&summary.key)?;
        let place = question.metrics.iter().position(|wanted| *wanted == metric)?;
        let has_some = summary.last.is_some_and(|last| last.at >= from)
            && summary.first_at.is_none_or(|first| first < question.to);
        let is_wanted = of == host.as_str()
            && has_some
            && question.label.as_deref().is_none_or(|wanted| labels.first() == Some(&wanted));
        let labels = labels.into_iter().map(str::to_owned).collect();
        is_wanted.then_some(WantedSeries { place, labels, series: summary.series })
    };
    history.series().into_iter().filter_map(of).collect()
}

/// The series of a host that have a sample.
pub(super) fn series_of(history: &History, host: &HostId) -> Vec<PastSeriesSummary> {
    let of = |summary: ::history::SeriesSummary| {
        let (of, metric, labels) = key::decode(&summary.key)?;
        let last = summary.last?;
        (of == host.as_str()).then(|| PastSeriesSummary {
            metric: metric.to_owned(),
            labels: labels.into_iter().map(str::to_owned).collect(),
            first_ms: summary.first_at.unwrap_or(last.at),
            last_ms: last.at,
            last: last.value,
        })
    };
    let mut all: Vec<_> = history.series().into_iter().filter_map(of).collect();
    all.sort_by(|one, other| (&one.metric, &one.labels).cmp(&(&other.metric, &other.labels)));
    all
}

#[cfg(test)]
mod tests {
    use ::history::{HistorySettings, Resolution, Sample};
    use common::series::SeriesKey;

    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    #[test]
    fn names_of_the_past_are_no_series_of_a_time_without_them_and_a_total_stands_for_its_parts() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::open(folder.path(), HistorySettings::default(), NOW).expect("opened");
        let host = HostId::local();
        let push = |key: &SeriesKey, at: i64| {
            let series = history.register(&key::encode(&host, key), Resolution::WHOLE).expect("registered");
            history.push(series, Sample { at, value: 1.0 }, NOW).expect("pushed");
        };
        // Interfaces that came and went: each had a name of its own.
        for number in 0..SERIES + 50 {
            push(&SeriesKey::labelled("network.sent", format!("cali{number}")), NOW - 3_600_000);
        }
        push(&SeriesKey::labelled("network.sent", "eth0"), NOW - 1_000);
        push(&SeriesKey::of("network.sent"), NOW - 1_000);
        let ask = |from, totals| {
            let question = PastQuestion {
                metrics: vec!["network.sent".to_owned()],
                label: None,
                from,
                to: NOW,
                step: 60_000,
                aggregate: PastAggregate::Last,
                totals,
            };
            range(&history, &host, &question).map(|range| range.series.len())
        };
        assert_eq!(ask(NOW - 60_000, false).expect("two"), 2);
        assert_eq!(ask(NOW - 7_200_000, true).expect("one"), 1);
        assert!(ask(NOW - 7_200_000, false).expect_err("too many").to_string().contains("252 series"));
    }

    #[test]
    fn a_mean_has_the_digits_that_were_measured() {
        for (value, told) in [
            (97.986_000_000_000_02, 97.986),
            (0.0, 0.0),
            (-1.0 / 3.0, -0.333_333_333_333),
            (68_719_476_736.0, 68_719_476_736.0),
            (f64::MAX, 1.797_693_134_86e308),
        ] {
            assert!((shown(value) - told).abs() <= told.abs() * 1e-12, "{value}");
        }
    }
}
