//! A row for each value of a panel's label, with the number: temperatures by sensor.

use leptos::prelude::*;

use super::{later::later, panel_feed::PanelFeed, words::OverviewWords};
use crate::{
    format,
    i18n::Words,
    live::Clock,
    widgets::{Card, ErasedView, IntoErasedView, list, live, when},
};

/// The card; nothing at all on a machine that has no such series.
#[component]
pub(super) fn ValuesCard(of: PanelFeed) -> impl IntoView {
    let is_told = move || {
        let (samples, metric) = (of.tap.samples(), of.metric(0));
        !(samples.instances(metric).is_empty() && samples.unanswered(metric).is_empty())
    };
    let card = move || {
        view! {
            <Card id=of.panel.id title=of.title switch=of.tap.switch>
                {later(move |bodies| (bodies.values)(of))}
            </Card>
        }
        .erase()
    };
    when(is_told, card)
}

pub(super) fn body(of: PanelFeed) -> ErasedView {
    let (words, clock, unit) = (Words::here(), Clock::here(), of.unit());
    let own = OverviewWords::here();
    let rows = move || {
        let (silent, zone) = (of.tap.samples().unanswered(of.metric(0)), clock.zone());
        let told = |(label, value)| (of.host.name_of(label), format::full(value, unit));
        let silent = silent.into_iter().map(|(label, since)| {
            (of.host.name_of(label), (own.no_answer_since)(&format::clock(since as u64, zone.clone())))
        });
        of.instances(0).into_iter().map(told).chain(silent).collect::<Vec<_>>()
    };
    view! {
        <table class="table">
            <thead class="sr-only">
                <tr>
                    <th scope="col">{of.label()}</th>
                    <th scope="col">{words.value}</th>
                </tr>
            </thead>
            <tbody>{live(move || list(rows().into_iter().map(row)))}</tbody>
        </table>
    }
    .fresh()
}

fn row((name, told): (String, String)) -> ErasedView {
    view! {
        <tr>
            <th scope="row" class="table__name" title=name.clone()>{name.clone()}</th>
            <td class="number" data-testid="value">{told}</td>
        </tr>
    }
    .patched_fresh()
}
