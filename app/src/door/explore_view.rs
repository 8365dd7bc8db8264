//! The query of the page Explore: the series, the time and the zone that are shown, and the addresses of other views.

use common::{door::paths, past::PastAggregate, series_address::SeriesAddress};

use super::{form::percent_encoded, history_span::HistorySpan};

/// The most series of a view.
pub const EXPLORE_SERIES: usize = 20;

/// The time that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExploreRange {
    /// The beginning, milliseconds since 1970.
    pub from: u64,
    /// The end, which is outside.
    pub to: u64,
    /// The length by its name, where the end is now and goes on.
    pub live: Option<HistorySpan>,
}

/// Another time that is drawn on the axis of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExploreComparison {
    /// A day before.
    Day,
    /// A week before.
    Week,
}

impl ExploreComparison {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Day, Self::Week];

    /// Returns its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// Returns the milliseconds between the two times.
    #[must_use]
    pub const fn length(self) -> u64 {
        match self {
            Self::Day => 24 * 3_600_000,
            Self::Week => 7 * 24 * 3_600_000,
        }
    }
}

/// A view: all that its address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExploreView {
    /// The series, in the order in which they were added.
    pub series: Vec<SeriesAddress>,
    /// The time.
    pub range: ExploreRange,
    /// The number that stands for a step. Charts draw the average for `count`, which is for tables.
    pub aggregate: PastAggregate,
    /// True where the series of a chart are stacked.
    pub is_stacked: bool,
    /// The time beside it.
    pub comparison: Option<ExploreComparison>,
    /// Words to find series by; none where nobody looks for one.
    pub find: Option<String>,
    /// The zone of the times that are shown, minutes east of UTC.
    pub zone: i32,
}

impl ExploreView {
    /// A view of these series up to now.
    #[must_use]
    pub fn live(series: Vec<SeriesAddress>, span: HistorySpan, now: u64) -> Self {
        let range = ExploreRange { from: now.saturating_sub(span.length), to: now, live: Some(span) };
        Self {
            series,
            range,
            aggregate: PastAggregate::default(),
            is_stacked: false,
            comparison: None,
            find: None,
            zone: 0,
        }
    }

    /// The query of the view, without what is looked for.
    #[must_use]
    pub fn query(&self) -> String {
        let address = Self { find: None, ..self.clone() }.address();
        address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    /// The address of the view without a base path.
    #[must_use]
    pub fn address(&self) -> String {
        self.address_of(paths::EXPLORE)
    }

    /// The query of the view behind another path.
    pub(super) fn address_of(&self, path: &str) -> String {
        let pairs = self.pairs();
        let pairs = pairs.iter().map(|(name, value)| [name, "=", &percent_encoded(value)].concat());
        [path, "?", &pairs.collect::<Vec<_>>().join("&")].concat()
    }

    /// The parameters of the view.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.series.iter().map(|series| ("series", series.to_string())));
        match self.range.live {
            Some(span) => pairs.push(("span", span.name.to_owned())),
            None => {
                pairs.push(("from", self.range.from.to_string()));
                pairs.push(("to", self.range.to.to_string()));
            }
        }
        if self.aggregate != PastAggregate::default() {
            pairs.push(("aggregate", self.aggregate.as_str().to_owned()));
        }
        if self.is_stacked {
            pairs.push(("stack", "1".to_owned()));
        }
        pairs.extend(self.comparison.map(|comparison| ("compare", comparison.name().to_owned())));
        pairs.extend(self.find.clone().map(|find| ("find", find)));
        if self.zone != 0 {
            pairs.push(("zone", self.zone.to_string()));
        }
        pairs
    }

    /// The view with another time.
    pub(super) fn at(&self, from: u64, to: u64) -> Self {
        Self { range: ExploreRange { from, to, live: None }, ..self.clone() }
    }

    /// The view of a span, which ends where this one does.
    pub(super) fn with_span(&self, span: HistorySpan) -> Self {
        let ExploreRange { to, live, .. } = self.range;
        let from = to.saturating_sub(span.length);
        let range = ExploreRange { from, to, live: live.map(|_| span) };
        Self { range, ..self.clone() }
    }

    /// The view with a further series.
    pub(super) fn with(&self, series: &SeriesAddress) -> Self {
        let mut view = self.clone();
        view.series.push(series.clone());
        view
    }

    /// The view without a series.
    pub(super) fn without(&self, series: &SeriesAddress) -> Self {
        let mut view = self.clone();
        view.series.retain(|one| one != series);
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::history_span::HISTORY_SPANS;

    #[test]
    fn every_part_of_a_view_is_in_its_address() {
        let series = vec!["local:cpu.total".parse().expect("a series")];
        let live = ExploreView::live(series, HISTORY_SPANS[1], 3_600_000);
        assert_eq!(live.address(), "/explore?series=local%3Acpu.total&span=1h");
        let whole = ExploreView {
            aggregate: PastAggregate::Max,
            is_stacked: true,
            comparison: Some(ExploreComparison::Week),
            find: Some("디스크 a&b".into()),
            zone: 540,
            ..live.at(5, 9).with(&"web-1:x:50%25%3A".parse().expect("a series"))
        };
        assert_eq!(
            whole.address(),
            "/explore?series=local%3Acpu.total&series=web-1%3Ax%3A50%2525%253A&from=5&to=9&aggregate=max&stack=1&compare=week\
             &find=%EB%94%94%EC%8A%A4%ED%81%AC%20a%26b&zone=540"
        );
        assert!(whole.query().ends_with("&stack=1&compare=week&zone=540"));
        assert_eq!(whole.without(&whole.series[0]).series, whole.series[1..]);
        assert_eq!(live.with_span(HISTORY_SPANS[0]).address(), "/explore?series=local%3Acpu.total&span=15m");
        let ended = whole.with_span(HISTORY_SPANS[0]).range;
        assert_eq!((ended.to, ended.live), (9, None));
    }
}
