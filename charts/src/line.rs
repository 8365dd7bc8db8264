//! Lines and areas over time, and what stands under a pointer on them.

use std::borrow::Cow;

use crate::axis;
use crate::layout::{Plot, Tick};
use crate::threshold::Threshold;
use crate::trace::{Point, Window};
use crate::{Scale, nice_max};

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineSeries {
    /// The line's name, for the legend and the tooltip.
    pub name: String,
    /// Milliseconds since the epoch and the value then, oldest first. None, or what is no number, is a gap.
    pub points: Vec<(f64, Option<f64>)>,
    /// True if the space below the line is shaded.
    pub area: bool,
    /// Which of the series colours, from 0. A series keeps its colour when others are hidden, so it is no index.
    pub color: usize,
    /// True if the values are drawn downwards from the zero line, which then stands in the middle: sent bytes below
    /// received ones.
    pub down: bool,
}

/// Lines on a time axis and a value axis from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// Drawn in this order, the last on top.
    pub series: Vec<LineSeries>,
    /// The left edge, in milliseconds since the epoch.
    pub from_ms: f64,
    /// The right edge, in milliseconds since the epoch.
    pub to_ms: f64,
    /// The top of the value axis. None takes a round one that holds all points; see [`LineChart::axis_max`].
    pub max: Option<f64>,
    /// The scale that the upper end is rounded to, if `max` is None.
    pub scale: Scale,
    /// The labels of the value axis. None at all on an axis to 100 means 0, 25, 50, 75, 100.
    pub ticks: Vec<(f64, String)>,
    /// The labels of the time axis: milliseconds since the epoch, ascending, and the words.
    pub x_ticks: Vec<(f64, String)>,
    /// Drawn as lines across.
    pub thresholds: Vec<Threshold>,
    /// Two points farther apart than this, in milliseconds, are not joined: nobody knows what was between.
    /// Infinity joins all.
    pub gap_ms: f64,
    /// The crosshair, in milliseconds since the epoch.
    pub cursor: Option<f64>,
    /// The least room for the labels of the value axis, in CSS pixels: charts that have the same one begin at the same place, so that
    /// a crosshair which they share stands in one line.
    pub gutter: f64,
}

/// The values of the series at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When, in milliseconds since the epoch: the time of a point, not of the pointer.
    pub ms: f64,
    /// The value of each series in the chart's order; None where it has a gap.
    pub values: Vec<Option<f64>>,
}

impl Default for LineChart {
    fn default() -> Self {
        Self {
            series: Vec::new(),
            from_ms: 0.0,
            to_ms: 0.0,
            max: None,
            scale: Scale::Percent,
            ticks: Vec::new(),
            x_ticks: Vec::new(),
            thresholds: Vec::new(),
            gap_ms: f64::INFINITY,
            cursor: None,
            gutter: 0.0,
        }
    }
}

impl LineChart {
    /// The top of the value axis, in the chart's unit: what the caller's `ticks` have to reach.
    pub fn axis_max(&self) -> f64 {
        if let Some(max) = self.max.filter(|max| max.is_finite() && *max > 0.0) {
            return max;
        }
        let shown = |point: &&Point| point.0 >= self.from_ms && point.0 <= self.to_ms;
        let points = self.series.iter().flat_map(|series| series.points.iter().filter(shown));
        let values = points.filter_map(|point| point.1).filter(|value| value.is_finite());
        nice_max(values.fold(0.0, f64::max), self.scale)
    }

    /// The moment under `x` CSS pixels of a chart `width` wide; None beside the plot.
    pub fn x_to_ms(&self, x: f64, width: f64) -> Option<f64> {
        let (plot, window) = (self.plot(width, 0.0), self.window());
        let inside = x >= plot.left && x <= plot.right && plot.width() > 0.0 && !window.is_empty();
        inside.then(|| window.from + (x - plot.left) / plot.width() * (window.to - window.from))
    }

    /// Returns the x of a moment in a chart `width` CSS pixels wide; None if it is not shown.
    pub fn ms_to_x(&self, ms: f64, width: f64) -> Option<f64> {
        let (plot, window) = (self.plot(width, 0.0), self.window());
        let inside = ms >= window.from && ms <= window.to && !window.is_empty();
        inside.then(|| window.x(&plot, ms))
    }

    /// The moment of the measured point nearest to `ms` in any series, among those shown.
    pub fn nearest(&self, ms: f64) -> Option<Moment> {
        if !ms.is_finite() {
            return None;
        }
        let times = self.series.iter().flat_map(|series| self.measured(series)).map(|(time, _)| time);
        let time = times.min_by(|a, b| (a - ms).abs().total_cmp(&(b - ms).abs()))?;
        Some(self.moment(time))
    }

    /// The next moment after `ms` with a measured point, or the one before it: the crosshair's step by an arrow
    /// key.
    pub fn step(&self, ms: f64, forward: bool) -> Option<Moment> {
        let times = self.series.iter().flat_map(|series| self.measured(series)).map(|(time, _)| time);
        let next = if forward {
            times.filter(|time| *time > ms).min_by(f64::total_cmp)
        } else {
            times.filter(|time| *time < ms).max_by(f64::total_cmp)
        };
        next.map(|time| self.moment(time))
    }

    pub(crate) fn plot(&self, width: f64, height: f64) -> Plot {
        let mut plot = Plot::new(width, height, 4.0, &self.ticks(self.axis_max()), !self.x_ticks.is_empty());
        // A narrow paper has no labels, and on none do they take more than a third.
        if plot.left > 0.0 && self.gutter > plot.left {
            plot.left = self.gutter.min(plot.left.max(plot.right / 3.0));
        }
        plot
    }

    /// Returns true if the zero line stands in the middle.
    pub(crate) fn is_mirrored(&self) -> bool {
        self.series.iter().any(|series| series.down)
    }

    /// Returns the left end of the room for the labels of the time axis. A mirrored axis has a label at its foot, which they are not to touch.
    pub(crate) fn times_left(&self, plot: &Plot) -> f64 {
        if self.is_mirrored() { (plot.left - 4.0).max(0.0) } else { 0.0 }
    }

    /// The part of the plot above the zero line: all of it, unless a series is drawn downwards.
    pub(crate) fn upper(&self, plot: &Plot) -> Plot {
        let bottom = if self.is_mirrored() { plot.top.midpoint(plot.bottom) } else { plot.bottom };
        Plot { bottom, ..*plot }
    }

    /// Returns the height of each series at the moment, as a share of the plot's height from its foot, 0 to 1.
    pub fn heights(&self, moment: &Moment) -> Vec<Option<f64>> {
        let whole = Plot { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
        let (upper, max) = (self.upper(&whole), self.axis_max());
        let height = |(series, value): (&LineSeries, &Option<f64>)| {
            let y = upper.y((*value)?, max);
            Some(1.0 - if series.down { upper.mirrored(y) } else { y })
        };
        self.series.iter().zip(&moment.values).map(height).collect()
    }

    pub(crate) fn window(&self) -> Window {
        // An unset or senseless distance joins all rather than nothing.
        let gap = if self.gap_ms > 0.0 { self.gap_ms } else { f64::INFINITY };
        Window { from: self.from_ms, to: self.to_ms, max: self.axis_max(), gap, columns: None }
    }

    pub(crate) fn ticks(&self, max: f64) -> Cow<'_, [Tick<'_>]> {
        axis::or_percent(&self.ticks, max)
    }

    /// Series do not tick together: each says what it measured nearest to `ms`, not farther than half a gap.
    fn moment(&self, ms: f64) -> Moment {
        let gap = self.window().gap;
        let value = |series| {
            let distance = |point: &(f64, f64)| (point.0 - ms).abs();
            let nearest = self.measured(series).min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
            (distance(&nearest) <= gap / 2.0).then_some(nearest.1)
        };
        Moment { ms, values: self.series.iter().map(value).collect() }
    }

    fn measured<'a>(&self, series: &'a LineSeries) -> impl Iterator<Item = (f64, f64)> + use<'a> {
        let (from, to) = (self.from_ms, self.to_ms);
        let points = series.points.iter().filter_map(|(ms, value)| Some((*ms, (*value)?)));
        points.filter(move |(ms, value)| *ms >= from && *ms <= to && value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> LineChart {
        let series = |offset: f64, values: [Option<f64>; 4]| LineSeries {
            points: (0..4).map(|n| f64::from(n) * 10.0 + offset).zip(values).collect(),
            ..LineSeries::default()
        };
        LineChart {
            series: vec![
                series(0.0, [Some(1.0), None, Some(3.0), Some(4.0)]),
                series(1.0, [Some(5.0), Some(6.0), Some(f64::NAN), Some(1_200.0)]),
            ],
            from_ms: 0.0,
            to_ms: 30.0,
            gap_ms: 8.0,
            scale: Scale::Si,
            ..LineChart::default()
        }
    }

    #[test]
    fn pixels_and_moments_are_each_others_inverse() {
        let chart = LineChart { max: Some(100.0), ..chart() };
        for width in [100.0, 320.0, 1_280.0] {
            for ms in [0.0, 7.5, 30.0] {
                let x = chart.ms_to_x(ms, width).unwrap();
                assert!((chart.x_to_ms(x, width).unwrap() - ms).abs() < 1e-9);
            }
        }
        assert_eq!(chart.x_to_ms(2.0, 320.0), None, "the gutter is no moment");
        assert_eq!(chart.ms_to_x(31.0, 320.0), None);
    }

    #[test]
    fn the_nearest_moment_is_one_that_was_measured() {
        let moment = chart().nearest(9.0).unwrap();
        assert_eq!(moment, Moment { ms: 11.0, values: vec![None, Some(6.0)] });
        let moment = chart().nearest(19.0).unwrap();
        assert_eq!(moment, Moment { ms: 20.0, values: vec![Some(3.0), None] });
        assert_eq!(chart().nearest(f64::NAN), None);
        assert_eq!(LineChart::default().nearest(0.0), None);
    }

    #[test]
    fn arrow_keys_step_over_every_measured_moment() {
        let chart = chart();
        let mut ms = f64::NEG_INFINITY;
        let steps = std::iter::from_fn(|| {
            ms = chart.step(ms, true)?.ms;
            Some(ms)
        });
        assert_eq!(steps.collect::<Vec<_>>(), [0.0, 1.0, 11.0, 20.0, 30.0]);
        assert_eq!(chart.step(20.0, false).map(|moment| moment.ms), Some(11.0));
        assert_eq!(chart.step(0.0, false), None);
    }

    #[test]
    fn charts_of_one_page_begin_at_one_place() {
        let left = |max: f64, label: &str, gutter: f64| {
            let ticks = vec![(0.0, "0".to_owned()), (max, label.to_owned())];
            LineChart { max: Some(max), ticks, gutter, ..chart() }.ms_to_x(0.0, 320.0)
        };
        assert_ne!(left(100.0, "100%", 0.0), left(2e8, "200 MB/s", 0.0));
        assert_eq!(left(100.0, "100%", 64.0), left(2e8, "200 MB/s", 64.0));
    }

    #[test]
    fn what_is_drawn_downwards_stands_below_the_middle() {
        let mut chart = LineChart { max: Some(10.0), ..chart() };
        chart.series[1].down = true;
        let moment = Moment { ms: 0.0, values: vec![Some(5.0), Some(10.0)] };
        assert_eq!(chart.heights(&moment), [Some(0.75), Some(0.0)]);
        chart.series[1].down = false;
        assert_eq!(chart.heights(&moment), [Some(0.5), Some(1.0)]);
    }

    #[test]
    fn the_labels_of_time_keep_off_the_one_at_the_foot_of_a_mirrored_axis() {
        let mut chart = LineChart { max: Some(6.0), ..chart() };
        chart.ticks = vec![(0.0, "0".to_owned()), (6.0, "6 MB/s".to_owned())];
        chart.x_ticks = vec![(0.0, "12:00".to_owned()), (15.0, "12:01".to_owned())];
        let placed = |chart: &LineChart| {
            let plot = chart.plot(320.0, 180.0);
            let times = chart.times(&plot, chart.window());
            axis::placed_times(&plot, 180.0, chart.times_left(&plot), &times).len()
        };
        assert_eq!(placed(&chart), 2);
        chart.series[1].down = true;
        assert_eq!(placed(&chart), 1);
    }

    #[test]
    fn an_automatic_axis_holds_what_is_shown() {
        assert_eq!(chart().axis_max(), 6.0, "1200 is measured after the right edge");
        assert_eq!(LineChart { to_ms: 31.0, ..chart() }.axis_max(), 1_500.0);
        assert_eq!(LineChart { max: Some(f64::NAN), ..chart() }.axis_max(), 6.0);
    }
}
