//! A bar for each value of a panel's label, made of the panel's lines; the last line alone where the others are not measured.

use charts::{Chart, StackedBar, StackedBars};
use common::panel::PanelLine;
use leptos::prelude::*;

use super::panel_feed::PanelFeed;
use crate::{
    format,
    live::Derived,
    widgets::{Card, ChartBox, IntoErasedView, LegendItem, Tools, either, legend},
};

#[component]
pub(super) fn StackedCard(of: PanelFeed) -> impl IntoView {
    let PanelFeed { panel, title, tap, .. } = of;
    let (unit, whole) = (of.unit(), panel.lines.len().saturating_sub(1));
    let has_split = move || !of.instances(0).is_empty();
    let lines = move |has_split| if has_split { 0..whole } else { whole..whole + 1 };
    let items = move |has_split| {
        let item =
            |line: &PanelLine| LegendItem { name: of.name(line.metric), color: line.color, value: None };
        panel.lines.get(lines(has_split)).unwrap_or_default().iter().map(item).collect::<Vec<_>>()
    };
    let chart = Derived::new(move || {
        let parts: Vec<_> = lines(has_split()).map(|line| ordered(of, line)).collect();
        let of_name = |part: &Vec<(String, f64)>, name: &str| {
            part.iter().find(|row| row.0 == name).map_or(0.0, |row| row.1)
        };
        let bar = |(name, _): &(String, f64)| StackedBar {
            label: name.clone(),
            parts: parts.iter().map(|part| of_name(part, name)).collect(),
        };
        let bars = parts.first().into_iter().flatten().map(bar).collect();
        let (part_names, part_colors) =
            items(has_split()).iter().map(|item| (item.name.to_owned(), item.color)).unzip();
        Chart::Stacked(StackedBars { bars, part_names, part_colors, ..Default::default() })
    });
    let tools = Tools::new(panel.id, unit, chart);
    let label = Derived::new(move || {
        let told = |(name, value): (String, f64)| [&name, " ", &format::full(value, unit)].concat();
        let told: Vec<String> = ordered(of, whole).into_iter().map(told).collect();
        [title, ": ", &told.join(", ")].concat()
    });
    view! {
        <Card id=panel.id title switch=tap.switch tools=tools>
            {either(has_split, move || legend(tools, items(true)), move || legend(tools, items(false)))}
            <ChartBox tools label class="plot--cores" size=(542, 120) narrow=(302, 120) />
        </Card>
    }
    .erase()
}

/// The values of a line by name, numbers by what they count: as texts, core 10 would come before core 2.
fn ordered(of: PanelFeed, line: usize) -> Vec<(String, f64)> {
    let mut rows: Vec<(String, f64)> = Vec::new();
    for row in of.instances(line) {
        let place = rows.partition_point(|known| (known.0.len(), &known.0) < (row.0.len(), &row.0));
        rows.insert(place, row);
    }
    rows
}
