//! A row for each value of a panel's label, with how full it is: mounted filesystems.

use common::{
    Percent,
    metric::{Thresholds, Unit},
};
use leptos::prelude::*;

use super::{later::later, panel_feed::PanelFeed, words::OverviewWords};
use crate::{
    format,
    i18n::Words,
    live::{Clock, LocalZone},
    widgets::{Card, ErasedView, IntoErasedView, either, empty, left_out, level_word, list, live, meter},
};

/// One filesystem.
#[derive(Debug, Clone, PartialEq)]
struct UsageRow {
    name: String,
    state: UsageState,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum UsageState {
    /// Bytes.
    Answered { used: f64, total: f64, read_only: bool },
    /// Since when there is no answer, milliseconds since 1970.
    Silent(u64),
}

#[component]
pub(super) fn UsageCard(of: PanelFeed) -> impl IntoView {
    view! {
        <Card id=of.panel.id title=of.title switch=of.tap.switch>
            {later(move |bodies| (bodies.usage)(of))}
        </Card>
    }
    .erase()
}

pub(super) fn body(of: PanelFeed) -> ErasedView {
    let (words, clock) = (Words::here(), Clock::here());
    let is_empty = move || of.tap.samples().system.is_some() && rows(of).is_empty();
    let table = move || {
        view! {
            <table class="table table--filesystems">
                <thead>
                    <tr>
                        <th scope="col">{of.label()}</th>
                        <th scope="col" class="table__meter">{words.usage}</th>
                        <th scope="col">{words.free}</th>
                        <th scope="col" class="table__extra">{words.size}</th>
                    </tr>
                </thead>
                <tbody>
                    {live(move || {
                        let zone = clock.zone();
                        list(rows(of).into_iter().map(|one| row(one, of.thresholds, &zone)))
                    })}
                </tbody>
            </table>
            {left_out(move || of.left_out())}
        }
        .fresh()
    };
    either(is_empty, move || empty(of.empty()), table).fresh()
}

fn row(row: UsageRow, thresholds: Option<Thresholds>, zone: &LocalZone) -> ErasedView {
    let (used, total, read_only) = match row.state {
        UsageState::Answered { used, total, read_only } => (used, total, read_only),
        UsageState::Silent(since) => return silent_row(row.name, since, zone),
    };
    let percent = Percent::of(used, total).map_or(0.0, Percent::get);
    let bytes = |value| format::full(value, Unit::Bytes);
    let note =
        read_only.then(|| view! { <span class="table__note">" " {Words::here().read_only}</span> }.fresh());
    let (level, word) = level_word(thresholds, percent, Words::here());
    view! {
        <tr>
            <th scope="row" class="table__name" title=row.name.clone()>
                {row.name.clone()}
                {note}
            </th>
            <td class="table__meter number" data-level=level>
                <span class="table__share">
                    {meter(thresholds, move || percent)}
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
fn silent_row(name: String, since: u64, zone: &LocalZone) -> ErasedView {
    let told = (OverviewWords::here().no_answer_since)(&format::clock(since, zone.clone()));
    view! {
        <tr data-testid="silent">
            <th scope="row" class="table__name" title=name.clone()>{name.clone()}</th>
            <td class="table__meter" data-level="warn"><span class="table__level">{told.clone()}</span></td>
            <td class="number" title=told>"–"</td>
            <td class="number table__extra">"–"</td>
        </tr>
    }
    .patched_fresh()
}

fn rows(of: PanelFeed) -> Vec<UsageRow> {
    let (wholes, sealed) = (of.instances(1), of.instances(2));
    let row = |(name, used): (String, f64)| {
        let total = wholes.iter().find(|whole| whole.0 == name)?.1;
        let read_only = sealed.iter().any(|sealed| sealed.0 == name);
        Some(UsageRow { name, state: UsageState::Answered { used, total, read_only } })
    };
    let silent = of.tap.samples().unanswered(of.metric(0)).into_iter();
    let silent = silent.map(|(name, since)| UsageRow { name, state: UsageState::Silent(since as u64) });
    silent.chain(of.instances(0).into_iter().filter_map(row)).collect()
}
