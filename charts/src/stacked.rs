//! Stacked bars: several values a bar, such as what a core's time is spent on.

use std::borrow::Cow;

use crate::axis;
use crate::layout::{Plot, Tick};
use crate::pen::Pen;
use crate::theme::ColorRole;

/// One bar of several parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackedBar {
    /// The bar's name, below the axis.
    pub label: String,
    /// Its parts from the foot up, in the chart's unit and in the order of the chart's `part_names`. What is no
    /// positive number takes no room.
    pub parts: Vec<f64>,
}

/// Stacked bars on an axis from 0 to `max`.
#[derive(Clone, Debug, PartialEq)]
pub struct StackedBars {
    /// From left to right.
    pub bars: Vec<StackedBar>,
    /// The names of the parts, for the legend and the tooltip.
    pub part_names: Vec<String>,
    /// Which of the series colours each part has, from 0. Part n without one has colour n.
    pub part_colors: Vec<usize>,
    /// The axis' end, in the chart's unit.
    pub max: f64,
    /// The axis' labels. None at all on an axis to 100 means 0, 25, 50, 75, 100.
    pub ticks: Vec<(f64, String)>,
    /// The bar that is pointed at.
    pub cursor: Option<usize>,
}

impl Default for StackedBars {
    fn default() -> Self {
        Self {
            bars: Vec::new(),
            part_names: Vec::new(),
            part_colors: Vec::new(),
            max: 100.0,
            ticks: Vec::new(),
            cursor: None,
        }
    }
}

impl StackedBars {
    /// The colour of a part, from 0.
    pub fn color(&self, part: usize) -> usize {
        self.part_colors.get(part).copied().unwrap_or(part)
    }

    pub(crate) fn plot(&self, width: f64, height: f64) -> Plot {
        let has_labels = self.bars.iter().any(|bar| !bar.label.is_empty());
        Plot::new(width, height, 4.0, &self.ticks(), has_labels)
    }

    pub(crate) fn draw<P: Pen>(&self, pen: &P, size: (f64, f64)) -> Result<(), P::Error> {
        let plot = self.plot(size.0, size.1);
        if plot.is_empty() {
            return Ok(());
        }
        self.draw_back(pen, &plot)?;
        self.draw_parts(pen, &plot)?;
        self.draw_names(pen, &plot, size.1)
    }

    /// The grid and what is behind it.
    pub(crate) fn draw_back<P: Pen>(&self, pen: &P, plot: &Plot) -> Result<(), P::Error> {
        axis::draw_cursor(pen, plot, self.cursor, self.bars.len())?;
        axis::draw_grid(pen, plot, &self.ticks(), self.max, &[])
    }

    pub(crate) fn draw_parts<P: Pen>(&self, pen: &P, plot: &Plot) -> Result<(), P::Error> {
        let count = self.bars.len();
        let parts = self.bars.iter().map(|bar| bar.parts.len()).max().unwrap_or(0);
        // Part by part and not bar by bar: a paper may join neighbours of one kind.
        let mut reached = vec![0.0; count];
        for part in 0..parts {
            for (index, bar) in self.bars.iter().enumerate() {
                let value = bar.parts.get(part).copied().filter(|value| value.is_finite() && *value > 0.0);
                let (left, right) = plot.bar(index, count);
                let foot = plot.y(reached[index], self.max);
                reached[index] += value.unwrap_or(0.0);
                let top = plot.y(reached[index], self.max);
                // A pixel of air sets the parts apart without their colours.
                let air = if part == 0 || foot >= plot.bottom { 0.0 } else { 1.0 };
                if foot - top >= air + 0.5 {
                    pen.rect(ColorRole::Series(self.color(part)), (left, top), (right, foot - air))?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn draw_names<P: Pen>(&self, pen: &P, plot: &Plot, height: f64) -> Result<(), P::Error> {
        let count = self.bars.len();
        let middle = |index| plot.slot(index, count).0.midpoint(plot.slot(index, count).1);
        let labels: Vec<_> =
            self.bars.iter().enumerate().map(|(index, bar)| (middle(index), &*bar.label)).collect();
        axis::draw_names(pen, plot, height, &labels)
    }

    fn ticks(&self) -> Cow<'_, [Tick<'_>]> {
        axis::or_percent(&self.ticks, self.max)
    }
}
