//! The document of the past.

use access::Action;
use app::door::{
    EXPLORE_SERIES, HISTORY_SPANS, HistoryLine, HistoryPage, HistoryPanel, HistorySpan, has_history, history,
};
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
    routing::get,
};
use common::{
    door::paths,
    host::{HostId, HostInfo},
    metric_catalog::MetricCatalog,
    panel::{Panel, PanelLine},
    past::{PastAggregate, PastRange},
    series::SeriesKey,
    series_address::SeriesAddress,
};
use serde::Deserialize;
use transports::gate::ApiRejection;

use super::{
    api::{PastState, may_read},
    error::PastError,
    question::{PastQuestion, usual_step},
};
use crate::{access::Caller, accounts::Visitor};

pub(super) fn routes() -> Router<PastState> {
    Router::new().route(paths::HISTORY, get(page))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HistoryPageQuery {
    host: String,
    span: String,
    /// Milliseconds since 1970; the present where it is no such number.
    to: String,
}

async fn page(
    State(state): State<PastState>,
    caller: Caller,
    visitor: Visitor,
    query: Result<Query<HistoryPageQuery>, QueryRejection>,
) -> Result<Response, ApiRejection> {
    let HistoryPageQuery { host, span, to } = query.map(|Query(query)| query).unwrap_or_default();
    let host = if host.is_empty() { HostId::local() } else { host.parse().map_err(PastError::Id)? };
    may_read(&host, &caller)?;
    let info = state.door.pages.hosts.info(&host).ok_or_else(|| PastError::NoHost(host.clone()))?;
    let other = (host != HostId::local()).then(|| HostInfo::clone(&info));
    let span = HISTORY_SPANS.into_iter().find(|one| one.name == span).unwrap_or(HISTORY_SPANS[1]);
    let now = u64::try_from(state.now()).unwrap_or(0);
    let to = to.parse().ok().filter(|to: &u64| *to < now && *to >= span.length);
    let is_now = to.is_none();
    let to = to.unwrap_or(now);
    let catalog = state.door.pages.hosts.catalog(&|topic| caller.may(Action::ReadTopic, topic).is_ok());
    let spikes = match caller.may(Action::ReadTopic, &host.spikes_topic()) {
        Ok(()) => state.door.pages.hosts.spikes(&host, to - span.length, to),
        Err(_) => Vec::new(),
    };
    let panels = match state.panels(host, catalog, span, to).await {
        Ok(panels) => Some(panels),
        Err(PastError::Off) => None,
        Err(error) => return Err(error.into()),
    };
    let page = HistoryPage { host: other, span, to, is_now, panels, spikes };
    Ok(visitor.answer(StatusCode::OK, history(&visitor.context(), &page)))
}

impl PastState {
    /// Each panel of the catalog that shows a time, as far as there are numbers.
    async fn panels(
        &self,
        host: HostId,
        catalog: &MetricCatalog,
        span: HistorySpan,
        to: u64,
    ) -> Result<Vec<HistoryPanel>, PastError> {
        let shown: Vec<&Panel> = catalog.panels.iter().filter(|panel| has_history(panel)).collect();
        let mut metrics: Vec<String> = Vec::new();
        for line in shown.iter().flat_map(|panel| panel.lines) {
            if !metrics.iter().any(|known| known == line.metric.id) {
                metrics.push(line.metric.id.to_owned());
            }
        }
        let (length, to) = (span.length as i64, to as i64);
        let step = usual_step(length);
        let ask = |aggregate| {
            let (metrics, label) = (metrics.clone(), None);
            let from = to - length;
            self.range(host.clone(), PastQuestion { metrics, label, from, to, step, aggregate, totals: true })
        };
        let (low, average, high) =
            tokio::try_join!(ask(PastAggregate::Min), ask(PastAggregate::Average), ask(PastAggregate::Max))?;
        let at: Vec<u64> = (0..)
            .map(|index| (average.start_ms + index * average.step_ms) as u64)
            .take(steps(&average))
            .collect();
        let panel = |panel: &Panel| {
            let line = |(place, line): (usize, &PanelLine)| {
                let of = |range: &PastRange| total(range, line.metric.id);
                Some(HistoryLine { place, low: of(&low)?, average: of(&average)?, high: of(&high)? })
            };
            let lines: Vec<_> = panel.lines.iter().enumerate().filter_map(line).collect();
            let (at, step) = (at.clone(), step as u64);
            let series = lines.iter().flat_map(|line| parts(&average, panel.lines[line.place].metric.id));
            let series = series.take(EXPLORE_SERIES).collect();
            (!lines.is_empty()).then_some(HistoryPanel { panel: *panel, at, step, lines, series })
        };
        Ok(shown.into_iter().filter_map(panel).collect())
    }
}

/// The number of steps of an answer.
fn steps(range: &PastRange) -> usize {
    range.series.first().map_or(0, |series| series.values.len())
}

/// The series that the values of a metric are made of: that without labels, or all others.
fn parts<'a>(range: &'a PastRange, metric: &'a str) -> impl Iterator<Item = SeriesAddress> + 'a {
    let of_it = move || range.series.iter().filter(move |series| series.metric == metric);
    let has_whole = of_it().any(|series| series.labels.is_empty());
    of_it().filter(move |series| series.labels.is_empty() == has_whole).map(|series| SeriesAddress {
        host: range.host.clone(),
        key: SeriesKey::with_labels(&series.metric, series.labels.iter().cloned()),
    })
}

/// The values of a metric without labels; where it has none such, the sums over its labels. None where there is no number at all.
fn total(range: &PastRange, metric: &str) -> Option<Vec<Option<f64>>> {
    let of_it = || range.series.iter().filter(|series| series.metric == metric);
    let values = match of_it().find(|series| series.labels.is_empty()) {
        Some(whole) => whole.values.clone(),
        None => of_it().fold(Vec::new(), |mut sums: Vec<Option<f64>>, series| {
            sums.resize(series.values.len(), None);
            for (sum, value) in sums.iter_mut().zip(&series.values) {
                *sum = match (*sum, *value) {
                    (Some(sum), Some(value)) => Some(sum + value),
                    (sum, value) => sum.or(value),
                };
            }
            sums
        }),
    };
    values.iter().any(Option::is_some).then_some(values)
}

#[cfg(test)]
mod tests {
    use common::past::PastSeries;

    use super::*;

    #[test]
    fn a_metric_without_a_total_is_the_sum_of_its_labels() {
        let series = |metric: &str, labels: &[&str], values: &[Option<f64>]| PastSeries {
            metric: metric.into(),
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
            values: values.to_vec(),
        };
        let range = PastRange {
            host: HostId::local(),
            start_ms: 0,
            step_ms: 1,
            aggregate: PastAggregate::Average,
            series: vec![
                series("cpu", &[], &[Some(1.0), None]),
                series("cpu", &["0"], &[Some(9.0), Some(9.0)]),
                series("net", &["a"], &[Some(1.0), None, None]),
                series("net", &["b"], &[Some(2.0), Some(3.0), None]),
                series("gone", &[], &[None, None]),
            ],
        };
        assert_eq!(total(&range, "cpu"), Some(vec![Some(1.0), None]));
        assert_eq!(total(&range, "net"), Some(vec![Some(3.0), Some(3.0), None]));
        assert_eq!((total(&range, "gone"), total(&range, "other")), (None, None));
        let named = |metric| parts(&range, metric).map(|series| series.to_string()).collect::<Vec<_>>();
        assert_eq!(named("cpu"), ["local:cpu"]);
        assert_eq!(named("net"), ["local:net:a", "local:net:b"]);
    }
}
