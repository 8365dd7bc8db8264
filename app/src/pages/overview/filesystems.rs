//! Every mounted filesystem and how full it is.

use common::{
    Percent,
    series::{Unit, id},
};
use leptos::prelude::*;

use crate::{
    format,
    live::{LiveHost, Samples},
    widgets::{Card, Empty, Meter, level_word},
    words::{Tongue, t},
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
    let tap = host.tap_system();
    let rows = Memo::new(move |_| tap.value.with(rows));
    let is_empty =
        Memo::new(move |_| rows.with(Vec::is_empty) && tap.value.with(|samples| samples.system.is_some()));
    view! {
        <Card id="filesystems" title=|w| w.filesystems switch=tap.switch>
            <Show when=move || !is_empty.get() fallback=|| view! { <Empty text=|w| w.no_filesystems /> }>
                <table class="table table--filesystems">
                    <thead>
                        <tr>
                            <th scope="col">{t(|w| w.mount)}</th>
                            <th scope="col" class="table__meter">{t(|w| w.usage)}</th>
                            <th scope="col" class="table__extra">{t(|w| w.used)}</th>
                            <th scope="col" class="table__extra">{t(|w| w.size)}</th>
                            <th scope="col">{t(|w| w.free)}</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows.get().into_iter().map(|row| view! { <FilesystemRow row /> }).collect_view()}</tbody>
                </table>
            </Show>
        </Card>
    }
}

#[component]
fn FilesystemRow(row: Row) -> impl IntoView {
    let tongue = Tongue::here();
    let percent = Percent::of(row.used, row.total).map_or(0.0, Percent::get);
    let bytes = |value| format::full(value, Unit::Bytes);
    let level = move || level_word(percent, tongue.words());
    view! {
        <tr>
            <th scope="row" class="table__name" title=row.mount.clone()>{row.mount.clone()}</th>
            <td class="table__meter number" data-level=move || level().map_or("none", |level| level.0)>
                <span class="table__share">
                    <Meter percent=Signal::stored(percent) />
                    <span data-testid="value">{format::full(percent, Unit::Percent)}</span>
                    <span class="table__level">{move || level().map_or("", |level| level.1)}</span>
                </span>
            </td>
            <td class="number table__extra">{bytes(row.used)}</td>
            <td class="number table__extra">{bytes(row.total)}</td>
            <td class="number">{bytes((row.total - row.used).max(0.0))}</td>
        </tr>
    }
    .into_any()
}

fn rows(samples: &Samples) -> Vec<Row> {
    let totals = samples.instances(id::FILESYSTEM_TOTAL);
    let row = |(mount, used): (String, f64)| {
        let total = totals.iter().find(|total| total.0 == mount)?.1;
        Some(Row { mount, used, total })
    };
    samples.instances(id::FILESYSTEM_USED).into_iter().filter_map(row).collect()
}
