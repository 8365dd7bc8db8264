//! Series of any hosts, by their addresses: which of them there are, and their values in one time.

use ::history::{History, HistoryError, Query, SeriesPoints};
use app::door::{ExploreProblem, ExploreSeries, ExploreValues, ExploreView, FoundRow, FoundSeries};
use common::{
    host::HostId,
    metric::{Metric, Unit},
    metric_catalog::MetricCatalog,
    past::PastAggregate::{self, Average, Count, Last, Max, Min},
    series::SeriesKey,
    series_address::SeriesAddress,
};

use super::{
    api::{PastState, may_read, may_read_address, may_read_series},
    error::PastError,
    key,
    past::{self, TRIES},
};
use crate::access::Caller;

/// The most series of a list.
const FOUND: usize = 100;

/// The values of some series, the first beginning at `start`.
pub(super) struct OverlayPoints {
    pub(super) start: i64,
    /// The values of each series, in the order of the question.
    pub(super) values: Vec<Vec<Option<f64>>>,
}

/// A time and its steps, milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct OverlayTime {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) step: u64,
}

/// The numbers of a view that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OverlayParts {
    /// All: legends and tables show them.
    Whole,
    /// Those that lines, bands and last values are made of.
    Drawn,
}

impl PastState {
    /// Checks that the caller may read the series of a host. One that may not be read is as one that is not there.
    pub(super) fn check_open(&self, series: &SeriesAddress, caller: &Caller) -> Result<(), ExploreProblem> {
        let host = &series.host;
        let history = self.history.folder();
        let is_there = may_read_address(series, caller)
            && self.door.pages.hosts.info(host).is_some()
            && history.is_some_and(|history| history.find(&key::encode(host, &series.key)).is_some());
        is_there.then_some(()).ok_or_else(|| ExploreProblem::NoSeries(series.clone()))
    }

    /// The catalog of all metrics: their titles and units are no secret.
    pub(super) fn metrics(&self) -> &'static MetricCatalog {
        self.door.pages.hosts.catalog(&|_| true)
    }

    /// Asks for the values of series on a thread that may wait for the disk; an answer for each aggregate.
    pub(super) async fn points(
        &self,
        series: &[SeriesAddress],
        time: OverlayTime,
        aggregates: &[PastAggregate],
    ) -> Result<Vec<OverlayPoints>, PastError> {
        let history = self.history.folder().ok_or(PastError::Off)?.clone();
        let (series, aggregates) = (series.to_vec(), aggregates.to_vec());
        let place = self.history.place().await?;
        let answer = tokio::task::spawn_blocking(move || {
            // It keeps its place to its end, also when nobody waits for it any more.
            let _place = place;
            let ask = |of: &PastAggregate| points(&history, &series, time, *of);
            aggregates.iter().map(ask).collect()
        });
        answer.await.map_err(|_| PastError::BrokenOff)?
    }

    /// The series of a view with what its charts and legends show.
    pub(super) async fn overlay(
        &self,
        view: &ExploreView,
        step: u64,
        parts: OverlayParts,
    ) -> Result<Vec<ExploreSeries>, PastError> {
        if view.series.is_empty() {
            return Ok(Vec::new());
        }
        let catalog = self.metrics();
        let all = || vec![Min, Average, Max, Last];
        let (of_now, of_before) = match parts {
            OverlayParts::Whole => (all(), all()),
            OverlayParts::Drawn => drawn(catalog, view),
        };
        let now = OverlayTime { from: view.range.from, to: view.range.to, step };
        let values = self.values(&view.series, now, &of_now).await?;
        let mut before = Vec::new();
        if let Some(comparison) = view.comparison {
            let length = comparison.length();
            let then = OverlayTime {
                from: now.from.saturating_sub(length),
                to: now.to.saturating_sub(length).max(1),
                step,
            };
            let then = self.values(&view.series, then, &of_before).await?;
            // They are drawn as if they were of this time.
            before = then
                .into_iter()
                .map(|values| (comparison, ExploreValues { start: values.start + length, ..values }))
                .collect();
        }
        let mut before = before.into_iter();
        let all = view.series.iter().zip(values).map(|(address, values)| ExploreSeries {
            address: address.clone(),
            metric: metric_of(catalog, &address.key),
            values,
            before: before.next(),
        });
        Ok(all.collect())
    }

    async fn values(
        &self,
        series: &[SeriesAddress],
        time: OverlayTime,
        of: &[PastAggregate],
    ) -> Result<Vec<ExploreValues>, PastError> {
        let answers = self.points(series, time, of).await?;
        let mut all = vec![ExploreValues::default(); series.len()];
        for (aggregate, OverlayPoints { start, values }) in of.iter().zip(answers) {
            for (one, numbers) in all.iter_mut().zip(values) {
                one.start = u64::try_from(start).unwrap_or(0);
                match aggregate {
                    Min => one.low = numbers,
                    Average => one.average = numbers,
                    Max => one.high = numbers,
                    Last => one.last = numbers,
                    Count => {}
                }
            }
        }
        Ok(all)
    }

    /// The series of hosts that the caller may read, with a sample in a time and all words of a search.
    pub(super) fn found(&self, view: &ExploreView, caller: &Caller) -> FoundSeries {
        let Some(history) = self.history.folder() else { return FoundSeries::default() };
        let catalog = self.metrics();
        let words = view.find.as_deref().unwrap_or_default().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let (from, to) = (view.range.from as i64, view.range.to as i64);
        let mut open = std::collections::HashMap::new();
        let of = |summary: ::history::SeriesSummary| {
            let last = summary.last?;
            if last.at < from || summary.first_at.unwrap_or(last.at) >= to {
                return None;
            }
            let (host, metric, labels) = key::decode(&summary.key)?;
            let may_read = *open.entry(host.to_owned()).or_insert_with(|| {
                let id: Option<HostId> = host.parse().ok();
                id.is_some_and(|id| {
                    may_read(&id, caller).is_ok() && self.door.pages.hosts.info(&id).is_some()
                })
            });
            if !may_read || !may_read_series(metric, &labels, caller) {
                return None;
            }
            let described = catalog.metrics.iter().find(|one| one.id == metric);
            let text = searched(host, metric, &labels, described);
            // A target is meant whole: 4 is not 40.
            let has = |word: &&str| match word.starts_with("target:") {
                true => labels.contains(word),
                false => text.contains(*word),
            };
            if !words.iter().all(has) {
                return None;
            }
            let key = SeriesKey::with_labels(metric, labels.into_iter().map(str::to_owned));
            Some(FoundRow { address: SeriesAddress { host: host.parse().ok()?, key }, metric: described })
        };
        let mut rows: Vec<FoundRow> = history.series().into_iter().filter_map(of).collect();
        rows.sort_by(|one, other| {
            let (one, other) = (&one.address, &other.address);
            (one.host.as_str(), &one.key).cmp(&(other.host.as_str(), &other.key))
        });
        let all = rows.len();
        rows.truncate(FOUND);
        FoundSeries { rows, all }
    }
}

/// The numbers that the charts of a view are made of, of its time and of the one before. A series that has its chart alone has a band from
/// its lowest to its highest, unless it is stacked.
fn drawn(catalog: &MetricCatalog, view: &ExploreView) -> (Vec<PastAggregate>, Vec<PastAggregate>) {
    let line = if view.aggregate == Count { Average } else { view.aggregate };
    let unit = |one: &SeriesAddress| metric_of(catalog, &one.key).map_or(Unit::Count, |metric| metric.unit);
    let units: Vec<Unit> = view.series.iter().map(unit).collect();
    let is_alone = |unit: &Unit| units.iter().filter(|other| *other == unit).count() == 1;
    let has_band = !view.is_stacked && units.iter().any(is_alone);
    let is_asked = |one: &PastAggregate| match one {
        Last => true,
        Min | Max => has_band || *one == line,
        other => *other == line,
    };
    ([Min, Average, Max, Last].into_iter().filter(is_asked).collect(), vec![line])
}

/// The text of a series that words are looked for in.
fn searched(host: &str, metric: &str, labels: &[&str], described: Option<&Metric>) -> String {
    let mut parts = vec![host, metric];
    parts.extend(described.iter().flat_map(|metric| [metric.name.en, metric.name.ko]));
    parts.extend(labels);
    parts.join("\n").to_lowercase()
}

pub(super) fn metric_of(catalog: &MetricCatalog, key: &SeriesKey) -> Option<&'static Metric> {
    let metrics: &'static [Metric] = catalog.metrics;
    metrics.iter().find(|metric| metric.id == key.metric())
}

fn points(
    history: &History,
    series: &[SeriesAddress],
    time: OverlayTime,
    aggregate: PastAggregate,
) -> Result<OverlayPoints, PastError> {
    for _ in 1..TRIES {
        match points_once(history, series, time, aggregate) {
            Err(PastError::Unreadable(HistoryError::NoSuchSeries)) => {}
            answer => return answer,
        }
    }
    points_once(history, series, time, aggregate)
}

fn points_once(
    history: &History,
    series: &[SeriesAddress],
    time: OverlayTime,
    aggregate: PastAggregate,
) -> Result<OverlayPoints, PastError> {
    let find = |one: &SeriesAddress| {
        let found = history.find(&key::encode(&one.host, &one.key));
        found.ok_or_else(|| PastError::View(ExploreProblem::NoSeries(one.clone())))
    };
    let found = series.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let OverlayTime { from, to, step } = time;
    let [from, to, step] = [from, to, step].map(|time| i64::try_from(time).unwrap_or(i64::MAX));
    let answer =
        history.query(&Query { series: found, from, to, step, aggregate: past::aggregate(aggregate) })?;
    let shown =
        |points: SeriesPoints| points.values.into_iter().map(|value| value.map(past::shown)).collect();
    Ok(OverlayPoints { start: answer.start, values: answer.series.into_iter().map(shown).collect() })
}

#[cfg(test)]
mod tests {
    use common::metric::{LocalizedText, Unit};

    use super::*;

    #[test]
    fn a_search_looks_at_host_metric_titles_and_labels() {
        const READ: Metric =
            Metric::rate("disk.read", Unit::BytesPerSecond, LocalizedText::new("Read", "읽기"));
        let text = searched("web-1", "disk.read", &["/dev/SDA"], Some(&READ));
        for word in ["web", "disk.", "read", "읽", "sda"] {
            assert!(text.contains(word), "{word}");
        }
        assert!(!text.contains("web-1disk"), "words do not go on from one to the next");
    }
}
