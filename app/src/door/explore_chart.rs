//! The charts of Explore: the series of one unit on one axis, and all charts above each other on one time.

use charts::{OverlayChart, OverlayLine};
use common::{
    metric::{Metric, Unit},
    past::PastAggregate,
    series_address::SeriesAddress,
};

use super::{
    explore_axis::{short_zone_name, time_ticks, value_axis},
    explore_stack::stacked,
    explore_values::{ExploreValues, PACES},
    explore_view::{ExploreComparison, ExploreView},
};
use crate::i18n::Language;

/// A chart has one name of a time for so many of its pixels at most.
const NAME_WIDTH: u32 = 100;

/// A series that is shown.
#[derive(Debug, Clone)]
pub struct ExploreSeries {
    /// The series.
    pub address: SeriesAddress,
    /// Its metric, where the catalog has it.
    pub metric: Option<&'static Metric>,
    /// Its values in the time that is shown.
    pub values: ExploreValues,
    /// Its values in the time before, as if they were of this one.
    pub before: Option<(ExploreComparison, ExploreValues)>,
}

/// Series of one unit, each with its place among all of them.
pub(super) struct ExploreGroup<'a> {
    pub(super) unit: Unit,
    pub(super) members: Vec<(usize, &'a ExploreSeries)>,
}

/// The charts of a view.
pub(super) struct ExploreCharts<'a> {
    pub(super) view: &'a ExploreView,
    pub(super) step: u64,
    pub(super) groups: Vec<ExploreGroup<'a>>,
}

impl ExploreSeries {
    pub(super) fn unit(&self) -> Unit {
        self.metric.map_or(Unit::Count, |metric| metric.unit)
    }

    /// The title of its metric, or the metric's id where no catalog has it.
    pub(super) fn title(&self, language: Language) -> String {
        metric_title(self.metric, &self.address, language)
    }
}

/// The title of a series' metric, or the metric's id where no catalog has it.
pub(super) fn metric_title(metric: Option<&Metric>, series: &SeriesAddress, language: Language) -> String {
    metric.map_or_else(|| series.key.metric().to_owned(), |metric| language.pick(metric.name).to_owned())
}

impl<'a> ExploreCharts<'a> {
    pub(super) fn new(view: &'a ExploreView, step: u64, series: &'a [ExploreSeries]) -> Self {
        let mut groups: Vec<ExploreGroup<'a>> = Vec::new();
        for (number, one) in series.iter().enumerate() {
            let unit = one.unit();
            match groups.iter_mut().find(|group| group.unit == unit) {
                Some(group) => group.members.push((number, one)),
                None => groups.push(ExploreGroup { unit, members: vec![(number, one)] }),
            }
        }
        Self { view, step, groups }
    }

    /// The charts of the groups for a picture of this width: all begin and end at one place.
    pub(super) fn drawn(&self, width: u32) -> Vec<OverlayChart> {
        let mut charts: Vec<OverlayChart> =
            self.groups.iter().map(|group| self.chart(group, width)).collect();
        let gutter = charts.iter().map(OverlayChart::needed_gutter).fold(0.0, f64::max);
        charts.iter_mut().for_each(|chart| chart.gutter = gutter);
        charts
    }

    /// The names of times on a picture of this width.
    pub(super) fn x_ticks(&self, width: u32) -> Vec<(f64, String)> {
        let range = self.view.range;
        let most = u64::from(width / NAME_WIDTH).max(2);
        time_ticks(range.from, range.to, self.view.zone, most)
    }

    fn chart(&self, group: &ExploreGroup<'a>, width: u32) -> OverlayChart {
        let range = self.view.range;
        let lines = self.lines(group);
        let shown = |point: &(f64, Option<f64>)| point.1.filter(|_| point.0 <= range.to as f64);
        let values = lines
            .iter()
            .flat_map(|line| line.points.iter().chain(line.band.iter().flatten()).filter_map(shown));
        let (min, max, ticks) = value_axis(values, group.unit);
        OverlayChart {
            from_ms: range.from as f64,
            to_ms: range.to as f64,
            min,
            max,
            ticks,
            x_ticks: self.x_ticks(width),
            zone: short_zone_name(self.view.zone),
            lines,
            gutter: 0.0,
        }
    }

    /// The lines of a group, those of another time first.
    fn lines(&self, group: &ExploreGroup<'a>) -> Vec<OverlayLine> {
        let of = (self.step, self.view.aggregate);
        let before =
            |(number, series): &(usize, &'a ExploreSeries)| Some((*number, &series.before.as_ref()?.1));
        let before: Vec<_> = group.members.iter().filter_map(before).collect();
        let now: Vec<_> = group.members.iter().map(|(number, series)| (*number, &series.values)).collect();
        if self.view.is_stacked {
            let faint = stacked(&before, of).into_iter().map(|line| OverlayLine {
                band: Default::default(),
                is_faint: true,
                ..line
            });
            return faint.chain(stacked(&now, of)).collect();
        }
        let faint = before
            .into_iter()
            .map(|(number, values)| OverlayLine { is_faint: true, ..line(values, number, of, false) });
        let is_alone = now.len() == 1;
        faint.chain(now.iter().map(|(number, values)| line(values, *number, of, is_alone))).collect()
    }
}

/// The line of a series.
fn line(
    values: &ExploreValues,
    number: usize,
    (step, aggregate): (u64, PastAggregate),
    has_band: bool,
) -> OverlayLine {
    let pace = values.pace(step);
    let points = |of: &[Option<f64>]| -> Vec<(f64, Option<f64>)> {
        let at = |index: usize| (values.start + index as u64 * step) as f64;
        let points = of.iter().enumerate().map(|(index, value)| (at(index), *value));
        // A step without a sample is no gap where samples are farther apart than steps are long: their distance tells.
        points.filter(|point| pace <= 1.0 || point.1.is_some()).collect()
    };
    let band = if has_band { [points(&values.low), points(&values.high)] } else { Default::default() };
    let gap_ms = pace * step as f64 * PACES;
    OverlayLine { points: points(values.drawn(aggregate)), band, number, is_faint: false, gap_ms }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::{explore_view::ExploreRange, history_span::HISTORY_SPANS};

    fn series(text: &str, metric: Option<&'static Metric>, values: &[Option<f64>]) -> ExploreSeries {
        let values = ExploreValues {
            start: 0,
            low: values.to_vec(),
            average: values.to_vec(),
            high: values.to_vec(),
            last: values.to_vec(),
        };
        ExploreSeries { address: text.parse().expect("a series"), metric, values, before: None }
    }

    #[test]
    fn series_of_one_unit_share_a_chart_and_alone_one_has_a_band() {
        const CPU: Metric = Metric::gauge("cpu.total", Unit::Percent, common::metric::LocalizedText::NONE);
        let numbers = [Some(1.0), Some(2.0)];
        let all = [
            series("a:cpu.total", Some(&CPU), &numbers),
            series("a:up", None, &numbers),
            series("b:cpu.total", Some(&CPU), &numbers),
        ];
        let range = ExploreRange { from: 0, to: 20, live: None };
        let view = ExploreView { range, zone: 540, ..ExploreView::live(Vec::new(), HISTORY_SPANS[0], 20) };
        let charts = ExploreCharts::new(&view, 10, &all);
        let drawn = charts.drawn(1_000);
        assert_eq!(drawn.len(), 2);
        assert_eq!(drawn[0].lines.iter().map(|line| line.number).collect::<Vec<_>>(), [0, 2]);
        assert!(drawn[0].lines.iter().all(|line| line.band[0].is_empty()));
        assert_eq!((drawn[1].lines[0].number, drawn[1].lines[0].band[0].len()), (1, 2));
        assert_eq!(drawn[0].gutter, drawn[1].gutter);
        assert_eq!(drawn[0].zone, "+09:00");
        assert_eq!(all[1].title(Language::En), "up");
        let stacked = ExploreView { is_stacked: true, ..view };
        let drawn = ExploreCharts::new(&stacked, 10, &all).drawn(1_000);
        let tops: Vec<_> = drawn[0].lines[1].points.iter().map(|point| point.1).collect();
        assert_eq!(tops, [Some(2.0), Some(4.0)]);
    }
}
