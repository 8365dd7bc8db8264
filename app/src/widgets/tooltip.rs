//! The exact values under a pointer or a crosshair.

use charts::{Chart, Hit};
use common::metric::Unit;
use leptos::prelude::*;

use super::{
    erased_view::{ErasedView, IntoErasedView, list, live},
    legend::swatch,
};
use crate::{
    format,
    i18n::Words,
    live::{Cell, Derived, LocalZone},
};

/// A tooltip: a heading and its lines, each with the colour of its series.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tooltip {
    title: String,
    lines: Vec<(usize, String, String)>,
    /// CSS pixels from the chart's left edge.
    x: f64,
    /// True if there is more room below the lines than above them.
    low: bool,
}

impl Tooltip {
    pub(crate) fn of(chart: &Chart, hit: &Hit, unit: Unit, words: &'static Words, zone: LocalZone) -> Self {
        let full = |value: Option<f64>| {
            value.map_or_else(|| words.no_value.to_owned(), |value| format::full(value, unit))
        };
        match (chart, hit) {
            (Chart::Bars(chart), Hit::Slot { index, x }) => {
                let bar = chart.bars.get(*index);
                let title = bar.map(|bar| bar.label.clone()).unwrap_or_default();
                let lines = vec![(0, String::new(), full(bar.and_then(|bar| bar.value)))];
                Self { title, lines, x: *x, low: false }
            }
            (Chart::Stacked(chart), Hit::Slot { index, x }) => {
                let Some(bar) = chart.bars.get(*index) else { return Self::default() };
                let parts = chart.part_names.iter().zip(&bar.parts).enumerate();
                let line = |(part, (name, value)): (usize, (&String, &f64))| {
                    (chart.color(part), name.clone(), full(Some(*value)))
                };
                Self { title: bar.label.clone(), lines: parts.map(line).rev().collect(), x: *x, low: false }
            }
            (Chart::Line(chart), Hit::Moment { moment, x }) => {
                let series = chart.series.iter().zip(&moment.values);
                let lines = series.map(|(series, value)| (series.color, series.name.clone(), full(*value)));
                let heights: Vec<f64> = chart.heights(moment).into_iter().flatten().collect();
                let above = 1.0 - heights.iter().copied().fold(0.0, f64::max);
                let below = heights.iter().copied().fold(1.0, f64::min);
                let title = format::clock(moment.ms as u64, zone);
                Self { title, lines: lines.collect(), x: *x, low: below > above }
            }
            _ => Self::default(),
        }
    }

    /// In one sentence, for screen readers.
    pub(crate) fn spoken(&self) -> String {
        let mut text = self.title.clone();
        for (_, name, value) in &self.lines {
            text.push_str(", ");
            text.push_str(name);
            text.push(' ');
            text.push_str(value);
        }
        text
    }
}

/// The tooltip, beside its place. It exists in the browser only, so its position is set through the CSSOM and no
/// style attribute is ever in the document the server sends.
pub(super) fn tooltip_box(tip: Derived<Option<Tooltip>>, width: Cell<f64>) -> ErasedView {
    let line = |(color, name, value): (usize, String, String)| {
        view! {
            <p class="tip__line">
                {swatch(color)}
                <span>{name}</span>
                <strong class="number">{value}</strong>
            </p>
        }
        .fresh()
    };
    let body = move || {
        let Some(tip) = tip.get() else { return ().erase() };
        let side = if tip.x > width.get() / 2.0 { "tip tip--before" } else { "tip" };
        let class = [side, if tip.low { " tip--low" } else { "" }].concat();
        view! {
            <div class=class style:left=[&format::fixed(tip.x, 0), "px"].concat()>
                <p class="tip__title number">{tip.title}</p>
                {list(tip.lines.into_iter().map(line))}
            </div>
        }
        .fresh()
    };
    view! { <div class="tips" aria-hidden="true">{live(body)}</div> }.erase()
}
