//! The data of a chart as a table: for screen readers, for copying and for files.

use charts::Chart;
use common::metric::Unit;
use leptos::prelude::*;

use super::{
    erased_view::{ErasedView, IntoErasedView, list, live, text},
    tools::Tools,
};
use crate::{
    format,
    i18n::Words,
    live::{Derived, LocalZone},
};

/// Rows of a time chart on the page; the file has all.
const SHOWN: usize = 60;

/// A table of texts, the first column naming its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct DataTable {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl DataTable {
    /// A card's chart, tracked.
    fn shown(tools: Tools) -> Self {
        Self::of(&tools.chart.get(), tools.unit, tools.words, &tools.clock.zone())
    }

    /// Newest first where there is a time; values with their units.
    fn of(chart: &Chart, unit: Unit, words: &'static Words, zone: &LocalZone) -> Self {
        let full = |value: f64| format::full(value, unit);
        let or_none = |value: Option<f64>| value.map_or_else(|| words.no_value.to_owned(), full);
        match chart {
            Chart::Bars(chart) => Self {
                head: vec![words.item.to_owned(), words.value.to_owned()],
                rows: chart.bars.iter().map(|bar| vec![bar.label.clone(), or_none(bar.value)]).collect(),
            },
            Chart::Stacked(chart) => Self {
                head: head(words.item, chart.part_names.iter()),
                rows: chart
                    .bars
                    .iter()
                    .map(|bar| row(&bar.label, bar.parts.iter().copied().map(full)))
                    .collect(),
            },
            Chart::Line(chart) => {
                let times = chart.series.first().map(|series| series.points.as_slice()).unwrap_or_default();
                let line = |(index, point): (usize, &(f64, Option<f64>))| {
                    let values = chart.series.iter().map(|series| series.points.get(index).and_then(|p| p.1));
                    row(&format::clock(point.0 as u64, zone), values.map(or_none))
                };
                Self {
                    head: head(words.time, chart.series.iter().map(|series| &series.name)),
                    rows: times.iter().enumerate().rev().map(line).collect(),
                }
            }
            Chart::Spark(_) => Self::default(),
        }
    }

    pub(crate) fn to_csv(&self) -> String {
        to_csv(std::iter::once(&self.head).chain(&self.rows))
    }
}

/// RFC 4180: quoted where needed, lines ended by CR LF.
pub(super) fn to_csv<'a>(rows: impl IntoIterator<Item = &'a Vec<String>>) -> String {
    let mut text = String::new();
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell);
        }
        text.push_str("\r\n");
    }
    text
}

fn head<'a>(first: &str, rest: impl Iterator<Item = &'a String>) -> Vec<String> {
    row(first, rest.cloned())
}

fn row(first: &str, rest: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(rest).collect()
}

fn push_cell(text: &mut String, cell: &str) {
    // A spreadsheet takes a cell that begins so for a formula: names from outside must not become one. A number is none.
    let is_number = || cell.bytes().skip(1).all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_formula = cell.starts_with(['=', '+', '@', '\t', '\r']) || (cell.starts_with('-') && !is_number());
    if is_formula || cell.contains([',', '"', '\r', '\n']) {
        text.push('"');
        if is_formula {
            text.push('\'');
        }
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

/// The table in the chart's place. It scrolls by itself and can be reached by keyboard for that.
pub(super) fn data_table(tools: Tools, label: Derived<String>) -> ErasedView {
    let columns = move || {
        let names = DataTable::shown(tools).head.into_iter();
        list(names.map(|name| view! { <th scope="col">{name}</th> }.patched_fresh()))
    };
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let name = cells.next();
        let cells = cells.map(|cell| view! { <td class="number">{cell}</td> }.patched_fresh());
        view! {
            <tr>
                <th scope="row">{name}</th>
                {list(cells)}
            </tr>
        }
        .patched_fresh()
    };
    let rows = move || list(DataTable::shown(tools).rows.into_iter().take(SHOWN).map(row));
    view! {
        <div class="twin" role="region" tabindex="0" aria-label=text(move || label.get())>
            <table class="table">
                <caption class="sr-only">{Words::here().table}</caption>
                <thead>
                    <tr>{live(columns)}</tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
        </div>
    }
    .fresh()
}

#[cfg(test)]
mod tests {
    use charts::{Bar, BarChart};

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn a_file_quotes_what_needs_it_and_disarms_formulas() {
        let twin =
            DataTable { head: vec!["a,b".into(), "c".into()], rows: vec![vec!["=1+1".into(), "\"".into()]] };
        assert_eq!(twin.to_csv(), "\"a,b\",c\r\n\"'=1+1\",\"\"\"\"\r\n");
    }

    #[test]
    fn bars_become_rows_and_the_absent_says_so() {
        let bar = |label: &str, value| Bar { label: label.into(), value, text: String::new() };
        let chart = BarChart { bars: vec![bar("CPU", Some(42.0)), bar("Disk", None)], ..Default::default() };
        let twin =
            DataTable::of(&Chart::Bars(chart), Unit::Percent, Words::of(Language::En), &LocalZone::default());
        assert_eq!(twin.rows, [["CPU", "42.0%"], ["Disk", "no value"]]);
    }
}
