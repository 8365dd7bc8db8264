//! Drawing of the line chart: whole, and as a frame that stays and data that move.

use crate::LineChart;
use crate::axis;
use crate::layout::Plot;
use crate::pen::Pen;
use crate::theme::ColorRole;
use crate::threshold::Threshold;
use crate::trace::{Point, Window, draw_run, runs};

impl LineChart {
    pub(crate) fn draw<P: Pen>(&self, pen: &P, size: (f64, f64)) -> Result<(), P::Error> {
        let (plot, window) = (self.plot(size.0, size.1), self.window());
        if plot.is_empty() {
            return Ok(());
        }
        let times = self.times(&plot, window);
        axis::draw_uprights(pen, &plot, &times)?;
        self.draw_rows(pen, &plot, window.max)?;
        self.draw_series(pen, &plot, window, |points| vec![points])?;
        self.draw_cursor(pen, &plot, window)?;
        axis::draw_times(pen, &plot, size.1, self.times_left(&plot), &times)
    }

    /// The moments of the time axis that the plot shows, with their names.
    pub(crate) fn times(&self, plot: &Plot, window: Window) -> Vec<(f64, &str)> {
        let shown = |tick: &&(f64, String)| window.shows(plot, tick.0);
        self.x_ticks.iter().filter(shown).map(|(ms, text)| (window.x(plot, *ms), text.as_str())).collect()
    }

    /// The lines across the plot, and the names beside it.
    pub(crate) fn draw_rows<P: Pen>(&self, pen: &P, plot: &Plot, max: f64) -> Result<(), P::Error> {
        let upper = self.upper(plot);
        // On an axis of percents a threshold's value is its name.
        let marked: &[Threshold] = if self.ticks.is_empty() { &self.thresholds } else { &[] };
        let ticks = self.ticks(max);
        axis::draw_grid(pen, &upper, &ticks, max, marked)?;
        if upper.bottom < plot.bottom {
            axis::draw_mirrored_grid(pen, &upper, &ticks, max)?;
        }
        axis::draw_thresholds(pen, &upper, &self.thresholds, max, &[])
    }

    /// All series, of each those of its points that are in one of the `parts`.
    pub(crate) fn draw_series<P: Pen>(
        &self,
        pen: &P,
        plot: &Plot,
        window: Window,
        parts: impl Fn(&[Point]) -> Vec<&[Point]>,
    ) -> Result<(), P::Error> {
        let upper = self.upper(plot);
        for series in &self.series {
            let foot = series.area.then_some(upper.bottom);
            for part in parts(&series.points) {
                for mut run in runs(part, window, &upper, pen.scale() / pen.grain()) {
                    if series.down {
                        run.iter_mut().for_each(|point| point.1 = upper.mirrored(point.1));
                    }
                    draw_run(pen, ColorRole::Series(series.color), &run, foot)?;
                }
            }
        }
        Ok(())
    }

    /// A hairline at the pointer's moment, with a dot on each series that has a value there.
    pub(crate) fn draw_cursor<P: Pen>(&self, pen: &P, plot: &Plot, window: Window) -> Result<(), P::Error> {
        let Some(ms) = self.cursor.filter(|ms| window.shows(plot, *ms)) else { return Ok(()) };
        let x = window.x(plot, ms);
        pen.upright(ColorRole::Accent, x, plot.top, plot.bottom)?;
        // Another chart of the page may have set the cursor: the dots belong where it stands, if anywhere.
        let Some(moment) = self.nearest(ms).filter(|moment| (moment.ms - ms).abs() <= window.gap / 2.0)
        else {
            return Ok(());
        };
        for (series, height) in self.series.iter().zip(self.heights(&moment)) {
            if let Some(height) = height {
                let place = (window.x(plot, moment.ms), plot.bottom - height * plot.height());
                pen.dot(ColorRole::Series(series.color), 3.0, place)?;
            }
        }
        Ok(())
    }
}
