//! Every mounted filesystem and how full it is.

use common::{
    Percent,
    series::{Unit, id},
};
use leptos::prelude::*;

use crate::{
    format,
    live::{LiveHost, Samples},
    widgets::{Card, IntoPart, Part, either, empty, level_word, list, live, meter},
    words::Words,
};

/// One filesystem, bytes.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    mount: String,
    used: f64,
    total: f64,
}

#[component]
pub(super) fn FilesystemsCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.tap_system(), Words::here());
    let is_empty = move || {
        let samples = tap.samples();
        samples.system.is_some() && rows(&samples).is_empty()
    };
    let table = move || {
        view! {
            <table class="table table--filesystems">
                <thead>
                    <tr>
                        <th scope="col">{words.mount}</th>
                        <th scope="col" class="table__meter">{words.usage}</th>
                        <th scope="col" class="table__extra">{words.used}</th>
                        <th scope="col" class="table__extra">{words.size}</th>
                        <th scope="col">{words.free}</th>
                    </tr>
                </thead>
                <tbody>{live(move || list(rows(&tap.samples()).into_iter().map(row)))}</tbody>
            </table>
        }
        .part()
    };
    view! {
        <Card id="filesystems" title=words.filesystems switch=tap.switch>
            {either(is_empty, move || empty(words.no_filesystems), table)}
        </Card>
    }
    .part()
}

fn row(row: Row) -> Part {
    let percent = Percent::of(row.used, row.total).map_or(0.0, Percent::get);
    let bytes = |value| format::full(value, Unit::Bytes);
    let (level, word) = level_word(percent, Words::here()).unwrap_or(("none", ""));
    view! {
        <tr>
            <th scope="row" class="table__name" title=row.mount.clone()>{row.mount.clone()}</th>
            <td class="table__meter number" data-level=level>
                <span class="table__share">
                    {meter(move || percent)}
                    <span data-testid="value">{format::full(percent, Unit::Percent)}</span>
                    <span class="table__level">{word}</span>
                </span>
            </td>
            <td class="number table__extra">{bytes(row.used)}</td>
            <td class="number table__extra">{bytes(row.total)}</td>
            <td class="number">{bytes((row.total - row.used).max(0.0))}</td>
        </tr>
    }
    .patched()
}

fn rows(samples: &Samples) -> Vec<Row> {
    let totals = samples.instances(id::FILESYSTEM_TOTAL);
    let row = |(mount, used): (String, f64)| {
        let total = totals.iter().find(|total| total.0 == mount)?.1;
        Some(Row { mount, used, total })
    };
    samples.instances(id::FILESYSTEM_USED).into_iter().filter_map(row).collect()
}
