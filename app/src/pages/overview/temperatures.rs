//! The card of the temperatures.

use common::series::{Unit, id};
use leptos::prelude::*;

use super::later::later;
use crate::{
    format,
    i18n::Words,
    live::{CardFeed, Clock, LiveHost},
    widgets::{Card, ErasedView, IntoErasedView, list, live, when},
};

/// The card; nothing at all on a machine without sensors.
#[component]
pub(super) fn TemperaturesCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.system_feed(), Words::here());
    let is_told = move || {
        let samples = tap.samples();
        !(samples.instances(id::TEMPERATURE).is_empty() && samples.unanswered(id::TEMPERATURE).is_empty())
    };
    let card = move || {
        view! {
            <Card id="temperatures" title=words.temperatures switch=tap.switch>
                {later(move |bodies| (bodies.temperatures)(tap))}
            </Card>
        }
        .erase()
    };
    when(is_told, card)
}

pub(super) fn body(tap: CardFeed) -> ErasedView {
    let (words, clock) = (Words::here(), Clock::here());
    let sensors = move || {
        let (samples, zone) = (tap.samples(), clock.zone());
        let told = |(name, celsius)| (name, format::full(celsius, Unit::Celsius));
        let silent = |(name, since)| (name, (words.no_answer_since)(&format::clock(since, zone.clone())));
        let silent = samples.unanswered(id::TEMPERATURE).into_iter().map(silent);
        samples.instances(id::TEMPERATURE).into_iter().map(told).chain(silent).collect::<Vec<_>>()
    };
    view! {
        <table class="table">
            <thead class="sr-only">
                <tr>
                    <th scope="col">{words.sensor}</th>
                    <th scope="col">{words.value}</th>
                </tr>
            </thead>
            <tbody>{live(move || list(sensors().into_iter().map(row)))}</tbody>
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
