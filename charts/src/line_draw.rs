//! Drawing of the line chart.

use plotters::prelude::DrawingBackend;

use crate::LineChart;
use crate::axis;
use crate::layout::Plot;
use crate::pen::{Drawn, Pen};
use crate::theme::Ink;
use crate::trace::{Window, draw_run, runs};

impl LineChart {
    pub(crate) fn draw<DB: DrawingBackend>(&self, pen: &Pen<'_, DB>, size: (f64, f64)) -> Drawn<DB> {
        let (plot, window) = (self.plot(size.0, size.1), self.window());
        if plot.is_empty() {
            return Ok(());
        }
        axis::draw_grid(pen, &plot, &self.ticks(window.max), window.max)?;
        axis::draw_thresholds(pen, &plot, &self.thresholds, window.max, &[])?;
        for series in &self.series {
            let foot = series.area.then_some(plot.bottom);
            for run in runs(&series.points, window, &plot, pen.scale / pen.grain) {
                draw_run(pen, Ink::Series(series.color), &run, foot)?;
            }
        }
        self.draw_cursor(pen, &plot, window)?;
        let shown =
            |tick: &&(f64, String)| tick.0 >= window.from && tick.0 <= window.to && !window.is_empty();
        let ticks = self.x_ticks.iter().filter(shown);
        let labels: Vec<_> = ticks.map(|(ms, text)| (window.x(&plot, *ms), text.as_str())).collect();
        axis::draw_labels(pen, &plot, size.1, &labels)
    }

    /// A hairline at the pointer's moment, with a dot on each series that has a value there.
    fn draw_cursor<DB: DrawingBackend>(&self, pen: &Pen<'_, DB>, plot: &Plot, window: Window) -> Drawn<DB> {
        let shown = |ms: &f64| *ms >= window.from && *ms <= window.to && !window.is_empty();
        let Some(ms) = self.cursor.filter(shown) else { return Ok(()) };
        let x = window.x(plot, ms);
        pen.upright(Ink::Accent, x, plot.top, plot.bottom)?;
        // Another chart of the page may have set the cursor: the dots belong where it stands, if anywhere.
        let Some(moment) = self.nearest(ms).filter(|moment| (moment.ms - ms).abs() <= window.gap / 2.0)
        else {
            return Ok(());
        };
        for (series, value) in self.series.iter().zip(moment.values) {
            if let Some(value) = value {
                let place = (window.x(plot, moment.ms), plot.y(value, window.max));
                pen.dot(Ink::Series(series.color), 3.0, place)?;
            }
        }
        Ok(())
    }
}
