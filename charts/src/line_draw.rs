//! Drawing of the line chart.

use plotters::prelude::DrawingBackend;

use crate::LineChart;
use crate::axis;
use crate::layout::Plot;
use crate::pen::{DrawResult, Pen};
use crate::theme::ColorRole;
use crate::trace::{Window, draw_run, runs};

impl LineChart {
    pub(crate) fn draw<DB: DrawingBackend>(&self, pen: &Pen<'_, DB>, size: (f64, f64)) -> DrawResult<DB> {
        let (plot, window) = (self.plot(size.0, size.1), self.window());
        if plot.is_empty() {
            return Ok(());
        }
        let upper = self.upper(&plot);
        let shown =
            |tick: &&(f64, String)| tick.0 >= window.from && tick.0 <= window.to && !window.is_empty();
        let times = self.x_ticks.iter().filter(shown);
        let times: Vec<_> = times.map(|(ms, text)| (window.x(&plot, *ms), text.as_str())).collect();
        axis::draw_uprights(pen, &plot, &times)?;
        // On an axis of percents a threshold's value is its name.
        let marked = if self.ticks.is_empty() { self.thresholds.as_slice() } else { &[] };
        let ticks = self.ticks(window.max);
        axis::draw_grid(pen, &upper, &ticks, window.max, marked)?;
        if upper.bottom < plot.bottom {
            axis::draw_mirrored_grid(pen, &upper, &ticks, window.max)?;
        }
        axis::draw_thresholds(pen, &upper, &self.thresholds, window.max, &[])?;
        for series in &self.series {
            let foot = series.area.then_some(upper.bottom);
            for mut run in runs(&series.points, window, &upper, pen.scale / pen.grain) {
                if series.down {
                    run.iter_mut().for_each(|point| point.1 = upper.mirrored(point.1));
                }
                draw_run(pen, ColorRole::Series(series.color), &run, foot)?;
            }
        }
        self.draw_cursor(pen, &plot, window)?;
        axis::draw_times(pen, &plot, size.1, &times)
    }

    /// A hairline at the pointer's moment, with a dot on each series that has a value there.
    fn draw_cursor<DB: DrawingBackend>(
        &self,
        pen: &Pen<'_, DB>,
        plot: &Plot,
        window: Window,
    ) -> DrawResult<DB> {
        let shown = |ms: &f64| *ms >= window.from && *ms <= window.to && !window.is_empty();
        let Some(ms) = self.cursor.filter(shown) else { return Ok(()) };
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
