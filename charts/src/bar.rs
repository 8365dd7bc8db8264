//! Bars: one value each, for now and for discrete samples.

use std::borrow::Cow;

use crate::axis::{self, OccupiedBox};
use crate::layout::{LOW, Plot, ROW, Tick, text_width};
use crate::pen::{Align, Pen};
use crate::theme::ColorRole;
use crate::threshold::{Level, Threshold, level};

/// Room for the mark above a bar that has reached a threshold.
const MARK: f64 = 9.0;
/// A narrower bar would disappear below its mark.
const NARROWEST_MARKED: f64 = 6.0;

/// One bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// The bar's name, below the axis.
    pub label: String,
    /// The bar's height, in the chart's unit. None, or what is no number, is an empty slot: not measured is not zero.
    pub value: Option<f64>,
    /// The value in words, above the bar.
    pub text: String,
}

/// Bars on an axis from 0 to `max`.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    /// From left to right.
    pub bars: Vec<Bar>,
    /// The axis' end, in the chart's unit.
    pub max: f64,
    /// The axis' labels. None at all on an axis to 100 means 0, 25, 50, 75, 100.
    pub ticks: Vec<(f64, String)>,
    /// Drawn as lines; a bar that reaches one changes its colour and wears a mark.
    pub thresholds: Vec<Threshold>,
    /// The bar that is pointed at.
    pub cursor: Option<usize>,
}

impl Default for BarChart {
    fn default() -> Self {
        Self { bars: Vec::new(), max: 100.0, ticks: Vec::new(), thresholds: Vec::new(), cursor: None }
    }
}

impl BarChart {
    pub(crate) fn plot(&self, width: f64, height: f64) -> Plot {
        let with_head = |head| Plot::new(width, height, head, &self.ticks(), self.has_labels());
        let bare = with_head(0.0);
        if height < LOW {
            return bare;
        }
        let texts = if self.texts_fit(&bare) { ROW } else { 0.0 };
        let (left, right) = bare.bar(0, self.bars.len());
        let marks = if !self.thresholds.is_empty() && right - left >= NARROWEST_MARKED { MARK } else { 0.0 };
        with_head(texts + marks)
    }

    pub(crate) fn draw<P: Pen>(&self, pen: &P, size: (f64, f64)) -> Result<(), P::Error> {
        let plot = self.plot(size.0, size.1);
        if plot.is_empty() {
            return Ok(());
        }
        self.draw_back(pen, &plot)?;
        self.draw_values(pen, &plot)?;
        self.draw_names(pen, &plot, size.1)
    }

    /// The grid and what is behind it.
    pub(crate) fn draw_back<P: Pen>(&self, pen: &P, plot: &Plot) -> Result<(), P::Error> {
        axis::draw_cursor(pen, plot, self.cursor, self.bars.len())?;
        axis::draw_grid(pen, plot, &self.ticks(), self.max, self.marked())
    }

    /// The bars, the thresholds across them, and what is written above them.
    pub(crate) fn draw_values<P: Pen>(&self, pen: &P, plot: &Plot) -> Result<(), P::Error> {
        for (bar, edges) in self.places(plot) {
            match value(bar) {
                Some(value) => {
                    let top = plot.y(value, self.max);
                    pen.rect(self.color_role(value), (edges.0, top), (edges.1, plot.bottom))?;
                }
                None => draw_absent(pen, plot, edges)?,
            }
        }
        let texts = self.texts(plot);
        axis::draw_thresholds(pen, plot, &self.thresholds, self.max, &texts)?;
        for (bar, edges) in self.places(plot) {
            let Some(value) = value(bar) else { continue };
            let (middle, mut y) = (edges.0.midpoint(edges.1), plot.y(value, self.max));
            if !texts.is_empty() {
                pen.text(ColorRole::Text, Align::Center, (middle, y - ROW / 2.0), &bar.text)?;
                y -= ROW - 1.0;
            }
            if let Some(level) = level(value, &self.thresholds) {
                draw_mark(pen, level, (middle, y), edges.1 - edges.0)?;
            }
        }
        Ok(())
    }

    pub(crate) fn draw_names<P: Pen>(&self, pen: &P, plot: &Plot, height: f64) -> Result<(), P::Error> {
        let labels = self.places(plot).map(|(bar, edges)| (edges.0.midpoint(edges.1), bar.label.as_str()));
        let labels: Vec<_> = labels.collect();
        axis::draw_names(pen, plot, height, &labels)
    }

    /// The thresholds that the axis names: on one of percents their values are their names.
    pub(crate) fn marked(&self) -> &[Threshold] {
        if self.ticks.is_empty() { &self.thresholds } else { &[] }
    }

    /// The bars with their left and right edges.
    fn places(&self, plot: &Plot) -> impl Iterator<Item = (&Bar, (f64, f64))> {
        let (plot, count) = (*plot, self.bars.len());
        self.bars.iter().enumerate().map(move |(index, bar)| (bar, plot.bar(index, count)))
    }

    /// Returns the boxes of the bars' values, or nothing if one of them does not fit: some without the others would
    /// puzzle.
    fn texts(&self, plot: &Plot) -> Vec<OccupiedBox> {
        if plot.top < ROW || !self.texts_fit(plot) {
            return Vec::new();
        }
        let taken = |(bar, edges): (&Bar, (f64, f64))| {
            let (middle, foot) = (edges.0.midpoint(edges.1), plot.y(value(bar)?, self.max));
            let half = text_width(&bar.text) / 2.0 + 2.0;
            Some(OccupiedBox { x: (middle - half, middle + half), y: (foot - ROW + 1.0, foot - 1.0) })
        };
        self.places(plot).filter_map(taken).collect()
    }

    fn texts_fit(&self, plot: &Plot) -> bool {
        let pitch = plot.pitch(self.bars.len());
        self.bars.iter().all(|bar| text_width(&bar.text) <= pitch)
    }

    fn ticks(&self) -> Cow<'_, [Tick<'_>]> {
        axis::or_percent(&self.ticks, self.max)
    }

    fn has_labels(&self) -> bool {
        self.bars.iter().any(|bar| !bar.label.is_empty())
    }

    fn color_role(&self, value: f64) -> ColorRole {
        level(value, &self.thresholds).map_or(ColorRole::Series(0), Level::color_role)
    }
}

fn value(bar: &Bar) -> Option<f64> {
    bar.value.filter(|value| value.is_finite())
}

/// A dashed, empty slot: someone looked, and there was nothing. Where the slot is too narrow to look like one, a
/// dash above the foot.
fn draw_absent<P: Pen>(pen: &P, plot: &Plot, (left, right): (f64, f64)) -> Result<(), P::Error> {
    const DASH: f64 = 3.0;
    if right - left < 8.0 {
        return pen.hairline(ColorRole::Muted, left, right, plot.bottom - 4.0);
    }
    let top = plot.top.midpoint(plot.bottom);
    pen.dashes(ColorRole::Muted, (left, right), top, (DASH, DASH))?;
    let mut y = top;
    while y < plot.bottom {
        let end = (y + DASH).min(plot.bottom);
        pen.upright(ColorRole::Muted, left, y, end)?;
        pen.upright(ColorRole::Muted, right - 1.0, y, end)?;
        y += DASH * 2.0;
    }
    pen.text(ColorRole::Muted, Align::Center, (left.midpoint(right), top - ROW / 2.0), "–")
}

/// A small triangle above the bar, hollow for a warning and solid for critical, because colour never speaks
/// alone. A bar too narrow to carry one crosses the threshold's line, which says it too.
fn draw_mark<P: Pen>(pen: &P, level: Level, (x, y): (f64, f64), width: f64) -> Result<(), P::Error> {
    let (foot, half) = (y - 2.0, 4.0);
    if width < NARROWEST_MARKED || foot < MARK - 2.0 {
        return Ok(());
    }
    let corners = [(x - half, foot), (x, foot - 7.0), (x + half, foot), (x - half, foot)];
    match level {
        Level::Warn => pen.line(level.color_role(), 1.25, &corners),
        Level::Critical => pen.polygon(level.color_role(), &corners[..3]),
    }
}
