//! The card of the cores.

use charts::{Chart, StackedBar, StackedBars};
use common::series::{Unit, id};
use leptos::prelude::*;

use crate::{
    format,
    i18n::{Pick, Words},
    live::{Derived, LiveHost, Samples},
    widgets::{Card, ChartBox, IntoErasedView, LegendItem, Tools, either, legend},
};

/// A part of a core's time: its series, its name and its colour, which means nothing else on the page.
type CoreShare = (&'static str, Pick, usize);

const PARTS: [CoreShare; 3] = [
    (id::CPU_USER, |w| w.core_user, 0),
    (id::CPU_SYSTEM, |w| w.core_system, 3),
    (id::CPU_WAIT, |w| w.core_wait, 5),
];

#[component]
pub(super) fn CoresCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.system_feed(), Words::here());
    let has_split = move || !tap.samples().instances(id::CPU_USER).is_empty();
    let items = move |has_split| {
        let item = |(name, color)| LegendItem { name, color, value: None };
        if has_split {
            PARTS.map(|(_, name, color)| item((name(words), color))).to_vec()
        } else {
            vec![item((words.core_busy, 0))]
        }
    };
    let chart = Derived::new(move || {
        let samples = tap.samples();
        let bars = if has_split() { split(&samples) } else { plain(&samples) };
        let (part_names, part_colors) =
            items(has_split()).iter().map(|item| (item.name.to_owned(), item.color)).unzip();
        Chart::Stacked(StackedBars { bars, part_names, part_colors, ..Default::default() })
    });
    let tools = Tools::new("cores", Unit::Percent, chart);
    let label = Derived::new(move || {
        let busy = numbered(&tap.samples(), id::CPU_CORE);
        let busy = busy
            .iter()
            .map(|(core, value)| [&core.to_string(), " ", &format::full(*value, Unit::Percent)].concat());
        [words.cores, ": ", &busy.collect::<Vec<_>>().join(", ")].concat()
    });
    view! {
        <Card id="cores" title=words.cores switch=tap.switch tools=tools>
            {either(has_split, move || legend(tools, items(true)), move || legend(tools, items(false)))}
            <ChartBox tools label class="plot--cores" size=(542, 120) narrow=(302, 120) />
        </Card>
    }
    .erase()
}

fn split(samples: &Samples) -> Vec<StackedBar> {
    let parts = PARTS.map(|(series, ..)| numbered(samples, series));
    let of = |part: &[(u32, f64)], core| {
        part.iter().find(|(number, _)| *number == core).map_or(0.0, |(_, value)| *value)
    };
    let bar = |(core, _): &(u32, f64)| StackedBar {
        label: core.to_string(),
        parts: parts.iter().map(|part| of(part, *core)).collect(),
    };
    parts[0].iter().map(bar).collect()
}

fn plain(samples: &Samples) -> Vec<StackedBar> {
    let bar = |(core, busy): (u32, f64)| StackedBar { label: core.to_string(), parts: vec![busy] };
    numbered(samples, id::CPU_CORE).into_iter().map(bar).collect()
}

/// By number: as texts, core 10 would come before core 2.
fn numbered(samples: &Samples, series: &str) -> Vec<(u32, f64)> {
    let mut cores: Vec<(u32, f64)> = Vec::new();
    for (core, value) in samples.instances(series) {
        if let Ok(core) = core.parse() {
            let place = cores.partition_point(|known| known.0 < core);
            cores.insert(place, (core, value));
        }
    }
    cores
}
