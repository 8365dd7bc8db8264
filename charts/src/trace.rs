//! From measured points to what a line on paper needs: runs without gaps, cut to the plot, and no more points
//! than there are columns of pixels to show them.

use crate::layout::Plot;
use crate::pen::Pen;
use crate::theme::ColorRole;

/// A point of a series: when, in milliseconds, and how much. None is a measurement that failed.
pub(crate) type Point = (f64, Option<f64>);

/// The part of a time axis that a plot shows, and how high it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) max: f64,
    /// Two points farther apart than this, in milliseconds, are not joined.
    pub(crate) gap: f64,
    /// The columns that its moments stand at, where the picture is to move by whole ones.
    pub(crate) columns: Option<Columns>,
}

/// Gives a moment the same place within a column of the device's pixels whenever it is drawn: as time goes on, a picture
/// moves by whole columns, so one that was moved is the one that would be drawn anew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Columns {
    /// Columns in a millisecond.
    pub(crate) per_ms: f64,
    /// The column at the right edge, counted from the epoch: the first that is not before the window's end.
    pub(crate) end: f64,
    /// Columns in a CSS pixel.
    pub(crate) density: f64,
}

impl Window {
    pub(crate) fn x(&self, plot: &Plot, ms: f64) -> f64 {
        match self.columns {
            // The difference of two moments' columns is exact, and so is the way by which a picture moves.
            Some(columns) => plot.right + (ms * columns.per_ms - columns.end) / columns.density,
            None => plot.left + (ms - self.from) / (self.to - self.from) * plot.width(),
        }
    }

    /// Returns true if the plot shows what stands at this moment.
    pub(crate) fn shows(&self, plot: &Plot, ms: f64) -> bool {
        match self.columns {
            Some(_) => (plot.left..=plot.right).contains(&self.x(plot, ms)),
            None => ms >= self.from && ms <= self.to && !self.is_empty(),
        }
    }

    /// The moments that lines are cut at: the edges, or far beyond them where the paper itself cuts.
    pub(crate) fn cuts(&self) -> [f64; 2] {
        let beyond = if self.columns.is_some() { self.to - self.from } else { 0.0 };
        [self.from - beyond, self.to + beyond]
    }

    /// Returns true if the window shows nothing: its time span is empty or upside down, or a bound is not a number.
    pub(crate) fn is_empty(&self) -> bool {
        !(self.to > self.from && (self.to - self.from).is_finite())
    }
}

/// The runs of `points`, in pixels: split at gaps and cut to the window, with a point where a line crosses its edge.
/// `density` is how many columns of the device are in a pixel. Points that step back in time are left out.
pub(crate) fn runs(points: &[Point], window: Window, plot: &Plot, density: f64) -> Vec<Vec<(f64, f64)>> {
    if window.is_empty() {
        return Vec::new();
    }
    let place = |(ms, value)| (window.x(plot, ms), plot.y(value, window.max));
    let [from, to] = window.cuts();
    let mut runs = Vec::new();
    let mut run = Run::new(density);
    let mut previous: Option<(f64, f64)> = None;
    for &(ms, value) in points.iter().filter(|point| point.0.is_finite()) {
        if previous.is_some_and(|(before, _)| ms < before) {
            continue;
        }
        let Some(value) = value.filter(|value| value.is_finite()) else {
            previous = None;
            run.end(&mut runs);
            continue;
        };
        let neighbour = previous.filter(|(before, _)| ms - before <= window.gap);
        if neighbour.is_none() {
            run.end(&mut runs);
        }
        let point = (ms, value);
        previous = Some(point);
        if let Some(before) = neighbour {
            let crossings = [from, to].map(|edge| crossing(before, point, edge));
            crossings.into_iter().flatten().for_each(|crossing| run.push(place(crossing)));
        }
        if ms >= from && ms <= to {
            run.push(place(point));
        }
    }
    run.end(&mut runs);
    runs
}

/// Returns the point at which the line from `a` to `b` crosses the moment `edge`, strictly between the two.
fn crossing(a: (f64, f64), b: (f64, f64), edge: f64) -> Option<(f64, f64)> {
    let inside = a.0 < edge && edge < b.0;
    inside.then(|| (edge, a.1 + (b.1 - a.1) * ((edge - a.0) / (b.0 - a.0))))
}

/// A line that grows. Of each column of the device it keeps the first, the lowest, the highest and the last point:
/// the picture stays the same to the pixel, and no spike is lost as it would be by taking every nth.
struct Run {
    kept: Vec<(f64, f64)>,
    density: f64,
    /// The newest point's column, and where among the kept it begins.
    column: f64,
    begin: usize,
}

impl Run {
    fn new(density: f64) -> Self {
        Self { kept: Vec::new(), density, column: f64::NAN, begin: 0 }
    }

    fn push(&mut self, point: (f64, f64)) {
        // A whole column that arithmetic has made a little less is still that one.
        let column = (point.0 * self.density + 1e-6).floor();
        if column != self.column {
            (self.column, self.begin) = (column, self.kept.len());
        }
        // In order of time: first, two extremes, last.
        if let [_, one, other, last] = self.kept[self.begin..] {
            let middle = [one, other, last];
            let low = extreme(&middle, |a, b| a < b);
            let high = extreme(&middle, |a, b| a > b);
            self.kept.truncate(self.begin + 1);
            self.keep(middle[low.min(high)]);
            self.keep(middle[low.max(high)]);
        }
        self.keep(point);
    }

    /// In a column, what stands still is one point.
    fn keep(&mut self, point: (f64, f64)) {
        if self.kept[self.begin..].last() != Some(&point) {
            self.kept.push(point);
        }
    }

    /// Closes the line, if it has begun, and begins another.
    fn end(&mut self, runs: &mut Vec<Vec<(f64, f64)>>) {
        if !self.kept.is_empty() {
            runs.push(std::mem::take(&mut self.kept));
        }
        (self.column, self.begin) = (f64::NAN, 0);
    }
}

/// The index of the first point that is beyond all others.
fn extreme(points: &[(f64, f64); 3], beyond: impl Fn(f64, f64) -> bool) -> usize {
    (1..3).fold(0, |best, index| if beyond(points[index].1, points[best].1) { index } else { best })
}

/// A line, shaded down to `foot` where there is one. A point alone between two gaps is a dot.
pub(crate) fn draw_run<P: Pen>(
    pen: &P,
    role: ColorRole,
    run: &[(f64, f64)],
    foot: Option<f64>,
) -> Result<(), P::Error> {
    const WIDTH: f64 = 1.5;
    const SHADE: f64 = 0.14;
    match (run, foot) {
        ([], _) => Ok(()),
        ([point], _) => pen.dot(role, 1.5, *point),
        (_, Some(foot)) => pen.shaded_line(role, WIDTH, run, (foot, SHADE)),
        (_, None) => pen.line(role, WIDTH, run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Plot = Plot { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
    /// A pixel is a millisecond, and values grow downwards from the top of the paper.
    const WINDOW: Window = Window { from: 0.0, to: 100.0, max: 100.0, gap: 10.0, columns: None };

    fn traced(points: &[Point]) -> Vec<Vec<(f64, f64)>> {
        runs(points, WINDOW, &PLOT, 1.0)
    }

    #[test]
    fn a_failed_measurement_is_a_gap() {
        let runs = traced(&[(0.0, Some(1.0)), (5.0, None), (10.0, Some(1.0)), (15.0, Some(f64::NAN))]);
        assert_eq!(runs, [[(0.0, 99.0)], [(10.0, 99.0)]]);
    }

    #[test]
    fn a_long_silence_is_a_gap() {
        assert_eq!(traced(&[(0.0, Some(1.0)), (10.0, Some(1.0))]).len(), 1);
        assert_eq!(traced(&[(0.0, Some(1.0)), (10.1, Some(1.0))]).len(), 2);
    }

    #[test]
    fn lines_end_where_they_cross_the_edge() {
        let runs = traced(&[
            (-4.0, Some(0.0)),
            (4.0, Some(8.0)),
            (98.0, None),
            (99.0, Some(0.0)),
            (101.0, Some(4.0)),
        ]);
        assert_eq!(runs, [[(0.0, 96.0), (4.0, 92.0)], [(99.0, 100.0), (100.0, 98.0)]]);
        let across = Window { gap: f64::INFINITY, ..WINDOW };
        let runs = super::runs(&[(-100.0, Some(0.0)), (200.0, Some(60.0))], across, &PLOT, 1.0);
        assert_eq!(runs, [[(0.0, 80.0), (100.0, 60.0)]]);
    }

    #[test]
    fn values_beyond_the_axis_stand_at_its_end() {
        assert_eq!(traced(&[(1.0, Some(-5.0)), (2.0, Some(500.0))]), [[(1.0, 100.0), (2.0, 0.0)]]);
    }

    #[test]
    fn steps_back_in_time_are_left_out() {
        assert_eq!(
            traced(&[(5.0, Some(1.0)), (3.0, Some(9.0)), (6.0, Some(2.0))]),
            [[(5.0, 99.0), (6.0, 98.0)]]
        );
    }

    #[test]
    fn thinning_keeps_every_spike_and_few_points() {
        let value = |n: u32| if n == 54_321 { 99.0 } else { f64::from(n % 7) + 10.0 };
        let points: Vec<_> = (0..100_000).map(|n| (f64::from(n) / 1_000.0, Some(value(n)))).collect();
        let runs = traced(&points);
        assert_eq!(runs.len(), 1);
        assert!(runs[0].len() <= 400, "{}", runs[0].len());
        assert!(runs[0].windows(2).all(|pair| pair[0].0 <= pair[1].0));
        assert!(runs[0].contains(&(54.321, 1.0)));
        assert_eq!(runs[0].iter().map(|point| point.1).fold(0.0, f64::max), 90.0);
        assert_eq!(
            (runs[0].first(), runs[0].last()),
            (Some(&(0.0, 90.0)), Some(&(99.999, 100.0 - value(99_999))))
        );
    }

    #[test]
    fn a_span_of_no_time_shows_nothing() {
        for (from, to) in [(0.0, 0.0), (5.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert!(runs(&[(0.0, Some(1.0))], Window { from, to, ..WINDOW }, &PLOT, 1.0).is_empty());
        }
    }
}
