//! A chart as a file: its data for programs, and its picture for people. It comes when a file or a table is asked for
//! for the first time.

use charts::Chart;
use common::metric::Unit;
use leptos::{prelude::*, web_sys::HtmlCanvasElement};

use super::{
    data_table::{data_table, to_csv},
    erased_view::IntoErasedView,
    tools::{Exports, Tools},
};
use crate::{
    format::{self, Zone},
    i18n::Words,
    lazy::ChunkContent,
    live::LocalZone,
    ports::{Browser, Picture},
};

pub(crate) static EXPORTS: ChunkContent =
    ChunkContent { view: || ().erase(), rest: &Exports { table: data_table, save_data, save_picture } };

fn save_data(tools: Tools, browser: &Browser) {
    let zone = zone(tools);
    let chart = untrack(|| tools.chart.get());
    let text = to_csv(&rows(&chart, tools.unit, tools.words, &zone));
    browser.files.save_text(&[&tools.file_name(), ".csv"].concat(), "text/csv;charset=utf-8", &text);
}

/// The picture alone would not say of what it is, nor when.
fn save_picture(tools: Tools, browser: &Browser) {
    let Some(canvas) = tools.canvas.peek::<HtmlCanvasElement>() else { return };
    let chart = untrack(|| tools.chart.get());
    let label = tools.label.get().map(|label| untrack(|| label.get())).unwrap_or_default();
    let when = format::stamp(moment(&chart).unwrap_or(browser.clock.now() as u64), zone(tools));
    let mut below = vec![when];
    below.extend(tools.host_name());
    below.extend(values(&chart, tools));
    let picture = Picture { title: label, below: below.join(" · ") };
    browser.files.save_picture(&[&tools.file_name(), ".png"].concat(), &canvas, &picture);
}

fn zone(tools: Tools) -> LocalZone {
    untrack(|| tools.clock.zone())
}

/// The newest moment that is drawn.
fn moment(chart: &Chart) -> Option<u64> {
    let Chart::Line(chart) = chart else { return None };
    chart.series.iter().filter_map(|series| series.points.last()).map(|point| point.0 as u64).max()
}

/// The newest value of each of several series: the picture has no legend.
fn values(chart: &Chart, tools: Tools) -> Vec<String> {
    match chart {
        Chart::Line(chart) if chart.series.len() > 1 => {
            let value = |points: &[(f64, Option<f64>)]| points.last().and_then(|point| point.1);
            let told = |value: Option<f64>| {
                value.map_or_else(|| tools.words.no_value.to_owned(), |value| format::full(value, tools.unit))
            };
            let all = chart.series.iter();
            all.map(|series| [&series.name, " ", &told(value(&series.points))].concat()).collect()
        }
        _ => Vec::new(),
    }
}

/// A file's rows, its head first and time rising. Numbers are plain, in the unit that the head names; what was not measured is
/// empty.
fn rows(chart: &Chart, unit: Unit, words: &Words, zone: &impl Zone) -> Vec<Vec<String>> {
    let head = |name: &str| match format::symbol(unit) {
        "" => name.to_owned(),
        symbol => [name, " (", symbol, ")"].concat(),
    };
    let or_empty = |value: Option<f64>| value.map(format::plain).unwrap_or_default();
    let mut rows = Vec::new();
    match chart {
        Chart::Bars(chart) => {
            rows.push(vec![words.item.to_owned(), head(words.value)]);
            rows.extend(chart.bars.iter().map(|bar| vec![bar.label.clone(), or_empty(bar.value)]));
        }
        Chart::Stacked(chart) => {
            rows.push(row(words.item, chart.part_names.iter().map(|name| head(name))));
            let parts = |parts: &[f64]| parts.iter().map(|&part| format::plain(part)).collect::<Vec<_>>();
            rows.extend(chart.bars.iter().map(|bar| row(&bar.label, parts(&bar.parts))));
        }
        Chart::Line(chart) => {
            rows.push(row(words.time, chart.series.iter().map(|series| head(&series.name))));
            let times = chart.series.first().map(|series| series.points.as_slice()).unwrap_or_default();
            for (index, point) in times.iter().enumerate() {
                let values =
                    chart.series.iter().map(|series| series.points.get(index).and_then(|point| point.1));
                rows.push(row(&format::stamp(point.0 as u64, zone), values.map(or_empty)));
            }
        }
        Chart::Spark(_) => {}
    }
    rows
}

fn row(first: &str, rest: impl IntoIterator<Item = String>) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use charts::{Bar, BarChart, LineChart, LineSeries, StackedBar, StackedBars};

    use super::*;
    use crate::i18n::Language;

    fn csv(chart: &Chart, unit: Unit) -> String {
        to_csv(&rows(chart, unit, Words::of(Language::En), &540))
    }

    #[test]
    fn a_trends_file_has_plain_numbers_under_their_unit_and_times_that_rise() {
        let at = 1_795_183_407_123.0;
        let series = |name: &str, values: [Option<f64>; 3]| LineSeries {
            name: name.into(),
            points: values
                .into_iter()
                .zip(0..)
                .map(|(value, n)| (at + f64::from(n) * 500.0, value))
                .collect(),
            ..LineSeries::default()
        };
        let chart = LineChart {
            series: vec![
                series("Received", [Some(1_250_000.0), None, Some(0.5)]),
                series("Sent", [Some(-0.25), Some(12.0), Some(1.0 / 3.0)]),
            ],
            ..LineChart::default()
        };
        assert_eq!(
            csv(&Chart::Line(chart), Unit::BytesPerSecond),
            "Time,Received (B/s),Sent (B/s)\r\n\
             2026-11-20T23:03:27.123+09:00,1250000,-0.25\r\n\
             2026-11-20T23:03:27.623+09:00,,12\r\n\
             2026-11-20T23:03:28.123+09:00,0.5,0.333\r\n"
        );
    }

    #[test]
    fn bars_have_their_numbers_without_a_unit_too() {
        let bar = |label: &str, value| Bar { label: label.into(), value, text: "42.0%".into() };
        let chart = BarChart { bars: vec![bar("CPU", Some(42.0)), bar("=1+1", None)], ..Default::default() };
        assert_eq!(csv(&Chart::Bars(chart), Unit::Percent), "Item,Value (%)\r\nCPU,42\r\n\"'=1+1\",\r\n");
        let bar = StackedBar { label: "0".into(), parts: vec![1.5, 2.0] };
        let chart = StackedBars {
            bars: vec![bar],
            part_names: vec!["user".into(), "system".into()],
            ..Default::default()
        };
        assert_eq!(csv(&Chart::Stacked(chart), Unit::Percent), "Item,user (%),system (%)\r\n0,1.5,2\r\n");
    }
}
