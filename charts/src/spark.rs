//! A sparkline: a trend as small as a word.

use crate::layout::{Plot, length};
use crate::pen::Pen;
use crate::theme::ColorRole;
use crate::trace::draw_run;
use crate::{Scale, nice_max};

/// Room at the edges, so that the last point's dot is whole.
const MARGIN: f64 = 2.5;

/// Evenly spaced values without axis and text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sparkline {
    /// From the oldest to the newest. None, or what is no number, is a gap.
    pub points: Vec<Option<f64>>,
    /// The value at the top. None takes a round one above the highest point.
    pub max: Option<f64>,
    /// Which of the series colours, from 0.
    pub color: usize,
}

impl Sparkline {
    pub(crate) fn x(&self, index: usize, width: f64) -> f64 {
        let room = (length(width) - 2.0 * MARGIN).max(0.0);
        MARGIN + room * index as f64 / self.points.len().saturating_sub(1).max(1) as f64
    }

    pub(crate) fn nearest(&self, x: f64, width: f64) -> Option<usize> {
        let last = self.points.len().checked_sub(1)?;
        let room = width - 2.0 * MARGIN;
        if !(x >= 0.0 && x <= width && room > 0.0) {
            return None;
        }
        Some((((x - MARGIN) / room * last as f64).round().max(0.0) as usize).min(last))
    }

    pub(crate) fn draw<P: Pen>(&self, pen: &P, (width, height): (f64, f64)) -> Result<(), P::Error> {
        let plot = Plot { left: MARGIN, top: MARGIN, right: width - MARGIN, bottom: height - 1.0 };
        if plot.is_empty() {
            return Ok(());
        }
        let role = ColorRole::Series(self.color);
        let max = self.max();
        let place = |(index, value): (usize, f64)| (self.x(index, width), plot.y(value, max));
        let value = |index: usize| self.points[index].filter(|value| value.is_finite());
        let mut run: Vec<(f64, f64)> = Vec::new();
        for index in 0..=self.points.len() {
            // One past the end closes the last run.
            let point = (index < self.points.len()).then(|| value(index)).flatten();
            if let Some(value) = point {
                run.push(place((index, value)));
            } else if !run.is_empty() {
                draw_run(pen, role, &run, Some(plot.bottom))?;
                run.clear();
            }
        }
        let newest = self.points.len().checked_sub(1).and_then(|last| Some((last, value(last)?)));
        newest.map_or(Ok(()), |newest| pen.dot(role, 2.0, place(newest)))
    }

    fn max(&self) -> f64 {
        let highest = || self.points.iter().flatten().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
        let given = self.max.filter(|max| max.is_finite() && *max > 0.0);
        given.unwrap_or_else(|| nice_max(highest(), Scale::Si))
    }
}
