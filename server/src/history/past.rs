//! Answers from the folder, in the words of REST.

use ::history::{Aggregate, History, HistoryError, Query, Series};
use common::{
    host::HostId,
    past::{PastAggregate, PastRange, PastSeries, PastSeriesSummary},
};

use super::{error::PastError, key, question::PastQuestion};

/// The most series, and the most values, of an answer.
const SERIES: usize = 200;
const VALUES: i64 = 1_000_000;

/// A series may be forgotten between the list and the question; then both are asked for again.
const TRIES: usize = 3;

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
    found.sort();
    let (from, to, step) = (question.from, question.to, question.step);
    if found.len() > SERIES || ((to - from) / step + 2) * found.len() as i64 > VALUES {
        let many = found.len();
        return Err(PastError::Invalid(format!(
            "{many} series have these metrics: an answer has at most 200 series and 1000000 values"
        )));
    }
    let aggregate = match question.aggregate {
        PastAggregate::Min => Aggregate::Min,
        PastAggregate::Average => Aggregate::Average,
        PastAggregate::Max => Aggregate::Max,
        PastAggregate::Last => Aggregate::Last,
        PastAggregate::Count => Aggregate::Count,
    };
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

/// Twelve digits: a mean of numbers with two decimals has more by chance, which nobody measured.
fn shown(value: f64) -> f64 {
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

fn wanted(history: &History, host: &HostId, question: &PastQuestion) -> Vec<WantedSeries> {
    let of = |summary: ::history::SeriesSummary| {
        let (of, metric, labels) = key::decode(&summary.key)?;
        let place = question.metrics.iter().position(|wanted| *wanted == metric)?;
        let is_wanted = of == host.as_str()
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
    use super::shown;

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
