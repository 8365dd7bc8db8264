//! The exact values under a pointer or a crosshair.

use charts::{Chart, Hit};
use common::series::Unit;
use leptos::prelude::*;

use crate::{format, words::Words};

/// What a tooltip says: a heading and its lines, each with the colour of its series.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tip {
    title: String,
    lines: Vec<(usize, String, String)>,
    /// CSS pixels from the chart's left edge.
    x: f64,
}

impl Tip {
    pub(crate) fn of(chart: &Chart, hit: &Hit, unit: Unit, words: &'static Words, zone: i32) -> Self {
        let full = |value: Option<f64>| {
            value.map_or_else(|| words.no_value.to_owned(), |value| format::full(value, unit))
        };
        match (chart, hit) {
            (Chart::Bars(chart), Hit::Slot { index, x }) => {
                let bar = chart.bars.get(*index);
                let title = bar.map(|bar| bar.label.clone()).unwrap_or_default();
                Self { title, lines: vec![(0, String::new(), full(bar.and_then(|bar| bar.value)))], x: *x }
            }
            (Chart::Stacked(chart), Hit::Slot { index, x }) => {
                let Some(bar) = chart.bars.get(*index) else { return Self::default() };
                let parts = chart.part_names.iter().zip(&bar.parts).enumerate();
                let line = |(part, (name, value)): (usize, (&String, &f64))| {
                    (part, name.clone(), full(Some(*value)))
                };
                Self { title: bar.label.clone(), lines: parts.map(line).rev().collect(), x: *x }
            }
            (Chart::Line(chart), Hit::Moment { moment, x }) => {
                let series = chart.series.iter().zip(&moment.values);
                let lines = series.map(|(series, value)| (series.color, series.name.clone(), full(*value)));
                Self { title: format::clock(moment.ms as u64, zone), lines: lines.collect(), x: *x }
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
#[component]
pub(super) fn TipBox(tip: Memo<Option<Tip>>, #[prop(into)] width: Signal<f64>) -> impl IntoView {
    let body = move || {
        let tip = tip.get()?;
        let side = if tip.x > width.get() / 2.0 { "tip tip--before" } else { "tip" };
        let line = |(color, name, value): (usize, String, String)| {
            view! {
                <p class="tip__line">
                    <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
                        <rect class=["ch-c", &(color % 6 + 1).to_string()].concat() width="8" height="8" rx="2" />
                    </svg>
                    <span>{name}</span>
                    <strong class="number">{value}</strong>
                </p>
            }
        };
        Some(view! {
            <div class=side style:left=[&tip.x.round().to_string(), "px"].concat()>
                <p class="tip__title number">{tip.title}</p>
                {tip.lines.into_iter().map(line).collect_view()}
            </div>
        })
    };
    view! { <div class="tips" aria-hidden="true">{body}</div> }.into_any()
}
