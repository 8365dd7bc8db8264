//! Finds out what of a line chart's picture a new sample changes. The rest stays: it only moves to the left by whole
//! columns of the device's pixels.

use std::ops::Range;

use crate::LineChart;
use crate::axis::placed_times;
use crate::layout::{Plot, text_width};
use crate::pen::nearest;
use crate::trace::{Columns, Point, Window};

/// A point's stroke, dot and thinning reach so far, in CSS pixels and in columns: the stroke is 1.5 wide, a dot 3, and
/// thinning looks at one column.
const REACH: (f64, i32) = (3.0, 2);

/// A line chart's picture of a certain size.
pub(crate) struct Scene<'a> {
    pub(crate) chart: &'a LineChart,
    pub(crate) plot: Plot,
    pub(crate) window: Window,
    /// The plot's columns, from its left edge to the paper's end.
    pub(crate) columns: Range<i32>,
    height: f64,
    density: f64,
}

/// The way from one picture to the next.
#[derive(Debug, PartialEq)]
pub(crate) struct Scroll {
    /// All moves to the left by so many columns.
    pub(crate) by: i32,
    /// Then these columns of the plot are painted anew. From left to right, apart from each other.
    pub(crate) strips: Vec<Range<i32>>,
    /// So is the row of the time axis' labels.
    pub(crate) labels: bool,
}

impl Window {
    /// The window with its moments at whole columns, `density` of them in a CSS pixel. It stays as it is where a double
    /// does not tell the columns since the epoch apart finely enough.
    fn in_columns(self, plot: &Plot, density: f64) -> Self {
        /// Of columns below this, a double still tells the thousandths apart.
        const MOST: f64 = 1e12;
        let per_ms = plot.width() * density / (self.to - self.from);
        // A whole number to which arithmetic has added a little makes no column.
        let end = (self.to * per_ms - 1e-3).ceil();
        let columns = Columns { per_ms, end, density };
        let is_fine = !self.is_empty() && per_ms > 0.0 && end.abs() < MOST;
        Self { columns: is_fine.then_some(columns), ..self }
    }
}

impl<'a> Scene<'a> {
    /// The chart on a paper of this size in CSS pixels, with `density` of the device's pixels in each.
    pub(crate) fn new(chart: &'a LineChart, size: (f64, f64), density: f64) -> Self {
        let plot = chart.plot(size.0, size.1);
        let column = |x: f64| nearest(x * density) as i32;
        Self {
            chart,
            plot,
            window: chart.window().in_columns(&plot, density),
            columns: column(plot.left)..column(plot.right),
            height: size.1,
            density,
        }
    }

    /// The labels of the time axis that have room.
    pub(crate) fn labels(&self) -> Vec<(f64, &'a str)> {
        let left = self.chart.times_left(&self.plot);
        placed_times(&self.plot, self.height, left, &self.chart.times(&self.plot, self.window))
    }

    /// Finds the way from this picture to that of the `next` sample, on the same paper. None if that must be painted whole.
    pub(crate) fn scroll_to(&self, next: &Scene<'_>) -> Option<Scroll> {
        let (from, to) = (self.window.columns?, next.window.columns?);
        let is_alike = self.plot == next.plot
            && (from.per_ms, self.density) == (to.per_ms, next.density)
            && (self.window.max, self.window.gap) == (next.window.max, next.window.gap)
            && (self.chart.cursor, next.chart.cursor) == (None, None)
            && self.chart.series.len() == next.chart.series.len();
        let width = next.columns.len() as f64;
        let by = to.end - from.end;
        if !is_alike || !(0.0..width / 2.0).contains(&by) {
            return None;
        }
        let by = by as i32;
        let mut strips = next.changed_times(self);
        if by > 0 {
            strips.push(next.around(next.columns.end - by..next.columns.end));
        }
        for (one, other) in self.chart.series.iter().zip(&next.chart.series) {
            if (one.color, one.area, one.down) != (other.color, other.area, other.down) {
                return None;
            }
            strips.extend(next.changed_points(&one.points, &other.points)?);
        }
        let strips = next.joined(strips);
        let painted: usize = strips.iter().map(ExactSizeIterator::len).sum();
        let labels = next.labels_differ(self, f64::from(by) / self.density);
        (painted as f64 <= width / 2.0).then_some(Scroll { by, strips, labels })
    }

    /// The points that the strips' pictures depend on: those in one, and the next ones outside whose lines reach it. Where
    /// two strips depend on one point, all between is one part. The points are in order of time, and so are the strips.
    pub(crate) fn points_in<'p, 's>(
        &self,
        strips: impl Iterator<Item = &'s Range<i32>>,
        points: &'p [Point],
    ) -> Vec<&'p [Point]> {
        let Some(columns) = self.window.columns else { return vec![points] };
        let ms =
            |column: i32| (f64::from(column) - self.plot.right * self.density + columns.end) / columns.per_ms;
        let mut parts = Vec::new();
        let (mut begun, mut ended) = (0, 0);
        for strip in strips {
            let around = self.around(strip.clone());
            let (from, to) = (ms(around.start), ms(around.end));
            let begin = points.partition_point(|point| point.0 < from).saturating_sub(1);
            let end = (points.partition_point(|point| point.0 <= to) + 1).min(points.len());
            if begin < ended {
                // The part before goes on.
                parts.pop();
            } else {
                begun = begin;
            }
            ended = end;
            parts.push(&points[begun..ended]);
        }
        parts
    }

    /// The strips of the uprights that have come or gone.
    fn changed_times(&self, before: &Scene<'_>) -> Vec<Range<i32>> {
        let has = |scene: &Scene<'_>, ms: f64| {
            scene.window.shows(&scene.plot, ms) && scene.chart.x_ticks.iter().any(|tick| tick.0 == ms)
        };
        let mut strips = Vec::new();
        for (ms, _) in before.chart.x_ticks.iter().chain(&self.chart.x_ticks) {
            if has(self, *ms) != has(before, *ms) {
                let column = self.column(*ms);
                strips.push(self.around(column..column + 1));
            }
        }
        strips
    }

    /// The strips in which a series looks different. None if it is another one altogether.
    fn changed_points(&self, old: &[Point], new: &[Point]) -> Option<Vec<Range<i32>>> {
        let (Some(first), Some(last)) = (new.first(), old.last()) else {
            return (old.is_empty() && new.is_empty()).then(Vec::new);
        };
        // The old points have those dropped at the front, and lack those that came at the end.
        let dropped = old.partition_point(|point| point.0 < first.0);
        let (gone, kept) = old.split_at(dropped);
        let is_in_order = |points: &[Point]| points.is_sorted_by(|a, b| a.0 <= b.0);
        if kept.is_empty() || new.get(..kept.len()) != Some(kept) || !is_in_order(gone) || !is_in_order(new) {
            return None;
        }
        // A line from far away is cut, and at another place each time.
        let [from, to] = self.window.cuts();
        let shown = new.partition_point(|point| point.0 < self.window.from);
        let begins_beyond = shown > 0 && shown < new.len() && new[shown - 1].0 < from;
        if begins_beyond || new.last().is_some_and(|point| point.0 > to) {
            return None;
        }
        let mut strips = Vec::new();
        if dropped > 0 {
            strips.push(self.columns.start..self.around(self.column(first.0)..self.column(first.0)).end);
        }
        if new.len() > kept.len() {
            strips.push(self.around(self.column(last.0)..self.columns.end));
        }
        Some(strips)
    }

    fn column(&self, ms: f64) -> i32 {
        /// Far beyond every paper, and far from the end of an integer.
        const FAR: f64 = 1e6;
        (self.window.x(&self.plot, ms) * self.density).clamp(-FAR, FAR) as i32
    }

    /// The columns, and those beside them that what is drawn there reaches.
    fn around(&self, columns: Range<i32>) -> Range<i32> {
        let reach = (REACH.0 * self.density).ceil() as i32 + REACH.1;
        columns.start - reach..columns.end + reach
    }

    /// The strips within the plot, in order, and those that touch as one.
    fn joined(&self, mut strips: Vec<Range<i32>>) -> Vec<Range<i32>> {
        let mut joined: Vec<Range<i32>> = Vec::new();
        // They are few: a general sort would be kilobytes of the page's first view.
        while let Some(first) = (0..strips.len()).min_by_key(|index| strips[*index].start) {
            let strip = strips.swap_remove(first);
            let strip = strip.start.max(self.columns.start)..strip.end.min(self.columns.end);
            match joined.last_mut() {
                _ if strip.is_empty() => {}
                Some(last) if strip.start <= last.end => last.end = last.end.max(strip.end),
                _ => joined.push(strip),
            }
        }
        joined
    }

    /// Returns true unless the labels are those before, `by` CSS pixels further left. One near the right edge may have
    /// lost its end there, if it is wider than it was thought to be.
    fn labels_differ(&self, before: &Scene<'_>, by: f64) -> bool {
        const CLEAR: f64 = 3.0;
        let (old, new) = (before.labels(), self.labels());
        let is_clear = |label: &(f64, &str)| label.0 + text_width(label.1) / 2.0 + CLEAR <= self.plot.right;
        let is_moved =
            |(old, new): (&(f64, &str), &(f64, &str))| old.1 == new.1 && (old.0 - by - new.0).abs() < 1e-6;
        old.len() != new.len() || !new.iter().all(is_clear) || !old.iter().zip(&new).all(is_moved)
    }
}
