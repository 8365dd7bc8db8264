//! The measures of all transports beside each other: a chart of one of them, and a table of all.

use charts::{Bar, BarChart, Chart, Scale, nice_max, ticks};
use common::metric::Unit;
use leptos::prelude::*;

use super::super::words::LabWords;
use super::{
    bench::Bench,
    columns::COLUMNS,
    lane::Lane,
    rows::{RowOrder, SortKey, TransportRow, cells, heads, twin},
};
use crate::{
    format,
    i18n::Words,
    live::{Cell, Derived},
    ports::Browser,
    widgets::{
        ChartBox, ErasedView, Icon, IntoErasedView, Segment, Tools, click, icon, list, live, segmented, text,
    },
};

/// The name of the files.
const FILE: &str = "lab";

pub(super) fn comparison(bench: Bench) -> ErasedView {
    let (words, lab) = (Words::here(), LabWords::here());
    let order = Cell::new(RowOrder { by: SortKey::CatalogOrder, descending: false });
    let measure = Cell::new(0);
    let rows = Derived::new(move || {
        let mut rows: Vec<TransportRow> =
            bench.lanes.get().into_iter().map(|lane| row(lane, words)).collect();
        order.get().sort(&mut rows);
        rows
    });
    let tools = tools(bench, measure, lab);
    let browser: Option<Browser> = use_context();
    let save = move || {
        if let Some(browser) = &browser {
            let text = untrack(|| twin(&rows.get(), words, lab)).to_csv();
            browser.files.save_text(&[&tools.file_name(), ".csv"].concat(), "text/csv;charset=utf-8", &text);
        }
    };
    view! {
        <section class="card card--comparison" aria-labelledby="lab-comparison" data-testid="lab-comparison">
            <header class="card__head">
                <h2 class="card__title" id="lab-comparison">{lab.all_figures}</h2>
                <div class="comparison__tools">
                    <button type="button" class="button button--quiet" data-testid="lab-csv" on:click=click(save)>
                        {icon(Icon::SAVE)}
                        <span>{lab.save_table}</span>
                    </button>
                    <button
                        type="button"
                        class="button button--quiet"
                        data-testid="lab-png"
                        on:click=click(move || tools.save_picture())
                    >
                        {icon(Icon::SAVE)}
                        <span>{lab.save_chart}</span>
                    </button>
                </div>
            </header>
            <div class="card__body">
                <div class="comparison__chart">{chart(tools, measure, lab)}</div>
                {table(order, rows)}
            </div>
        </section>
    }
    .fresh()
}

fn row(lane: Lane, words: &'static Words) -> TransportRow {
    TransportRow {
        name: lane.name,
        place: lane.place,
        state: lane.told(words).1,
        figures: lane.figures.get(),
        bytes: lane.bytes.get(),
    }
}

/// The chart of one measure: a bar for each transport.
fn tools(bench: Bench, measure: Cell<usize>, lab: &'static LabWords) -> Tools {
    let chart = Derived::new(move || {
        let column = &COLUMNS[measure.get()];
        let bar = |lane: Lane| {
            let figures = lane.figures.get();
            let (value, known) = ((column.value)(&figures), lane.bytes.get());
            let text = if value.is_some() { (column.text)(&figures, known) } else { String::new() };
            Bar {
                label: lab.facts.get(lane.place).map_or(lane.name, |facts| facts.short).to_owned(),
                value,
                text,
            }
        };
        let bars: Vec<Bar> = bench.lanes.get().into_iter().map(bar).collect();
        let greatest = bars.iter().filter_map(|bar| bar.value).fold(0.0, f64::max);
        let max = nice_max(greatest, Scale::Si);
        let decimals = if max < 4.0 { 2 } else { 0 };
        let ticks =
            ticks(max, 4, Scale::Si).into_iter().map(|at| (at, format::fixed(at, decimals))).collect();
        Chart::Bars(BarChart { bars, max, ticks, ..BarChart::default() })
    });
    Tools::new(FILE, Unit::Count, chart)
}

fn chart(tools: Tools, measure: Cell<usize>, lab: &'static LabWords) -> ErasedView {
    let shown = COLUMNS.iter().enumerate().filter(|(_, column)| column.in_chart);
    let segments = shown.map(|(place, column)| Segment::new((column.name)(lab), measure, place));
    let label = Derived::new(move || {
        let column = &COLUMNS[measure.get()];
        let mut told = [lab.comparison, ": ", &column.head(lab)].concat();
        if let Chart::Bars(chart) = tools.chart.get() {
            for bar in chart.bars {
                let value = if bar.text.is_empty() { "–" } else { bar.text.as_str() };
                told.push_str(&[", ", &bar.label, " ", value].concat());
            }
        }
        told
    });
    view! {
        <div class="comparison__measure">{segmented("lab-measure", lab.measure, segments)}</div>
        <p class="comparison__unit">{text(move || COLUMNS[measure.get()].head(lab))}</p>
        <div class="comparison__plot">
            <ChartBox tools label class="plot--comparison" size=(644, 220) narrow=(520, 220) />
        </div>
    }
    .fresh()
}

fn table(order: Cell<RowOrder>, rows: Derived<Vec<TransportRow>>) -> ErasedView {
    let (words, lab) = (Words::here(), LabWords::here());
    let head = |(name, by): (String, SortKey)| {
        view! {
            <th scope="col" aria-sort=text(move || order.get().aria(by))>
                <button type="button" class="sort" on:click=click(move || order.set(order.peek().turned(by)))>
                    {name}
                </button>
            </th>
        }
        .fresh()
    };
    let row = |row: &TransportRow| {
        let mut cells = cells(row).into_iter();
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
    view! {
        <div class="twin comparison__table" role="region" tabindex="0" aria-label=words.table>
            <table class="table" data-testid="lab-table">
                <thead>
                    <tr>{list(heads(words, lab).into_iter().map(head))}</tr>
                </thead>
                <tbody>{live(move || list(rows.get().iter().map(row)))}</tbody>
            </table>
        </div>
    }
    .fresh()
}
