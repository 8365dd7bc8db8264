//! Every mounted filesystem and how full it is.

use common::{
    Percent,
    series::{Unit, id},
};
use leptos::prelude::*;

use super::later::later;
use crate::{
    format,
    i18n::Words,
    live::{CardFeed, Clock, LiveHost, LocalZone, Samples},
    widgets::{Card, ErasedView, IntoErasedView, either, empty, left_out, level_word, list, live, meter},
};

/// One filesystem.
#[derive(Debug, Clone, PartialEq)]
struct FilesystemRow {
    mount: String,
    state: FilesystemState,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum FilesystemState {
    /// Bytes.
    Answered { used: f64, total: f64, read_only: bool },
    /// Since when there is no answer, milliseconds since 1970.
    Silent(u64),
}

#[component]
pub(super) fn FilesystemsCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.system_feed(), Words::here());
    view! {
        <Card id="filesystems" title=words.filesystems switch=tap.switch>
            {later(move |bodies| (bodies.filesystems)(tap))}
        </Card>
    }
    .erase()
}

pub(super) fn body(tap: CardFeed) -> ErasedView {
    let (words, clock) = (Words::here(), Clock::here());
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
                        <th scope="col">{words.free}</th>
                        <th scope="col" class="table__extra">{words.size}</th>
                    </tr>
                </thead>
                <tbody>
                    {live(move || {
                        let zone = clock.zone();
                        list(rows(&tap.samples()).into_iter().map(|one| row(one, &zone)))
                    })}
                </tbody>
            </table>
            {left_out(move || tap.samples().left_out(id::FILESYSTEM_USED))}
        }
        .fresh()
    };
    either(is_empty, move || empty(words.no_filesystems), table).fresh()
}

fn row(row: FilesystemRow, zone: &LocalZone) -> ErasedView {
    let (used, total, read_only) = match row.state {
        FilesystemState::Answered { used, total, read_only } => (used, total, read_only),
        FilesystemState::Silent(since) => return silent_row(row.mount, since, zone),
    };
    let percent = Percent::of(used, total).map_or(0.0, Percent::get);
    let bytes = |value| format::full(value, Unit::Bytes);
    let note =
        read_only.then(|| view! { <span class="table__note">" " {Words::here().read_only}</span> }.fresh());
    let (level, word) = level_word(percent, Words::here()).unwrap_or(("none", ""));
    view! {
        <tr>
            <th scope="row" class="table__name" title=row.mount.clone()>
                {row.mount.clone()}
                {note}
            </th>
            <td class="table__meter number" data-level=level>
                <span class="table__share">
                    {meter(move || percent)}
                    <span data-testid="value">{format::full(percent, Unit::Percent)}</span>
                    <span class="table__level">{word}</span>
                </span>
            </td>
            <td class="number">{bytes((total - used).max(0.0))}</td>
            <td class="number table__extra">{bytes(total)}</td>
        </tr>
    }
    .patched_fresh()
}

/// A mount behind which nobody answers: how full it is, no one knows.
fn silent_row(mount: String, since: u64, zone: &LocalZone) -> ErasedView {
    let told = (Words::here().no_answer_since)(&format::clock(since, zone.clone()));
    view! {
        <tr data-testid="silent">
            <th scope="row" class="table__name" title=mount.clone()>{mount.clone()}</th>
            <td class="table__meter" data-level="warn"><span class="table__level">{told.clone()}</span></td>
            <td class="number" title=told>"–"</td>
            <td class="number table__extra">"–"</td>
        </tr>
    }
    .patched_fresh()
}

fn rows(samples: &Samples) -> Vec<FilesystemRow> {
    let totals = samples.instances(id::FILESYSTEM_TOTAL);
    let sealed = samples.instances(id::FILESYSTEM_READ_ONLY);
    let row = |(mount, used): (String, f64)| {
        let total = totals.iter().find(|total| total.0 == mount)?.1;
        let read_only = sealed.iter().any(|sealed| sealed.0 == mount);
        Some(FilesystemRow { mount, state: FilesystemState::Answered { used, total, read_only } })
    };
    let silent = samples.unanswered(id::FILESYSTEM_USED).into_iter();
    let silent = silent.map(|(mount, since)| FilesystemRow { mount, state: FilesystemState::Silent(since) });
    silent.chain(samples.instances(id::FILESYSTEM_USED).into_iter().filter_map(row)).collect()
}
