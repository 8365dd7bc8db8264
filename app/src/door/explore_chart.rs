//! The charts of Explore: the series of one unit on one axis, and all charts above each other on one time.

use charts::{OverlayChart, OverlayLine};
use common::{
    metric::{Metric, Unit},
    series_address::SeriesAddress,
};

use super::{
    explore_axis::{short_zone_name, time_ticks, value_axis},
    explore_view::{ExploreComparison, ExploreView},
};
use crate::i18n::Language;

/// A chart has one name of a time for so many of its pixels at most.
const NAME_WIDTH: u32 = 100;
/// Steps without a number that are passed over, where series are measured less often than a step is long.
const PACES: f64 = 2.5;

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

/// The values of a time, of each kind one for each step.
#[derive(Debug, Clone, Default)]
pub struct ExploreValues {
    /// The beginning of the first step, milliseconds since 1970.
    pub start: u64,
    /// The lowest of each step.
    pub low: Vec<Option<f64>>,
    /// The mean.
    pub average: Vec<Option<f64>>,
    /// The highest.
    pub high: Vec<Option<f64>>,
    /// The latest.
    pub last: Vec<Option<f64>>,
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

impl ExploreValues {
    /// True where there is no number at all.
    pub(super) fn is_empty(&self) -> bool {
        self.average.iter().all(Option::is_none)
    }

    /// The steps from sample to sample.
    pub(super) fn pace(&self, step: u64) -> f64 {
        pace(&self.average, step)
    }

    fn line(&self, number: usize, step: u64, has_band: bool) -> OverlayLine {
        let pace = self.pace(step);
        let points = |values: &[Option<f64>]| -> Vec<(f64, Option<f64>)> {
            let at = |index: usize| (self.start + index as u64 * step) as f64;
            let points = values.iter().enumerate().map(|(index, value)| (at(index), *value));
            // A step without a sample is no gap where samples are farther apart than steps are long: their distance tells.
            points.filter(|point| pace <= 1.0 || point.1.is_some()).collect()
        };
        let band = if has_band { [points(&self.low), points(&self.high)] } else { Default::default() };
        let gap_ms = pace * step as f64 * PACES;
        OverlayLine { points: points(&self.average), band, number, is_faint: false, gap_ms }
    }
}

/// The slowest that anything is measured, milliseconds: what is farther apart is a gap.
const SLOWEST: u64 = 60_000;

/// The steps from sample to sample, but for the longest tenth of them: these are gaps.
fn pace(values: &[Option<f64>], step: u64) -> f64 {
    let places: Vec<usize> =
        values.iter().enumerate().filter_map(|(place, value)| value.map(|_| place)).collect();
    let mut steps: Vec<usize> = places.windows(2).map(|two| two[1] - two[0]).collect();
    steps.sort_unstable();
    // Of two or three samples nobody knows.
    if steps.len() < 3 {
        return 1.0;
    }
    let slow = steps[(steps.len() - 1) * 9 / 10];
    let usual = steps[(steps.len() - 1) / 2];
    (if slow as u64 * step <= SLOWEST { slow } else { usual }) as f64
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

    fn chart(&self, group: &ExploreGroup<'_>, width: u32) -> OverlayChart {
        let range = self.view.range;
        let is_alone = group.members.len() == 1;
        let mut lines = Vec::new();
        for (number, series) in &group.members {
            if let Some((_, before)) = &series.before {
                lines.push(OverlayLine { is_faint: true, ..before.line(*number, self.step, false) });
            }
        }
        lines.extend(
            group.members.iter().map(|(number, series)| series.values.line(*number, self.step, is_alone)),
        );
        let shown = |point: &(f64, Option<f64>)| point.1.filter(|_| point.0 <= range.to as f64);
        let values = lines
            .iter()
            .flat_map(|line| line.points.iter().chain(line.band.iter().flatten()).filter_map(shown));
        let (min, max, ticks) = value_axis(values, group.unit);
        let most = u64::from(width / NAME_WIDTH).max(2);
        OverlayChart {
            from_ms: range.from as f64,
            to_ms: range.to as f64,
            min,
            max,
            ticks,
            x_ticks: time_ticks(range.from, range.to, self.view.zone, most),
            zone: short_zone_name(self.view.zone),
            lines,
            gutter: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::explore_view::ExploreRange;

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
        let view = ExploreView {
            series: Vec::new(),
            range: ExploreRange { from: 0, to: 20, live: None },
            comparison: None,
            find: None,
            zone: 540,
        };
        let charts = ExploreCharts::new(&view, 10, &all);
        let drawn = charts.drawn(1_000);
        assert_eq!(drawn.len(), 2);
        assert_eq!(drawn[0].lines.iter().map(|line| line.number).collect::<Vec<_>>(), [0, 2]);
        assert!(drawn[0].lines.iter().all(|line| line.band[0].is_empty()));
        assert_eq!((drawn[1].lines[0].number, drawn[1].lines[0].band[0].len()), (1, 2));
        assert_eq!(drawn[0].gutter, drawn[1].gutter);
        assert_eq!(drawn[0].zone, "+09:00");
        assert_eq!(all[1].title(Language::En), "up");
    }

    #[test]
    fn a_slow_series_is_joined_and_its_gap_is_not() {
        let every_fifth =
            |index: usize| (index.is_multiple_of(5) && !(30..70).contains(&index)).then_some(1.0);
        let values: Vec<_> = (0..200).map(every_fifth).collect();
        assert_eq!(pace(&values, 1_000), 5.0);
        // A host that is off at night: each night is a gap.
        let days: Vec<_> = (0..120).map(|hour| (hour % 12 < 4).then_some(1.0)).collect();
        assert_eq!(pace(&days, 7_200_000), 1.0);
        assert_eq!((pace(&[Some(1.0), None, None, Some(1.0)], 1), pace(&[], 1)), (1.0, 1.0));
    }
}
