//! The card of the temperatures.

use common::series::{Unit, id};
use leptos::prelude::*;

use crate::{
    format,
    i18n::Words,
    live::{Clock, LiveHost},
    widgets::{Card, ErasedView, IntoErasedView, list, live, when},
};

/// The card; nothing at all on a machine without sensors.
#[component]
pub(super) fn TemperaturesCard(host: LiveHost) -> impl IntoView {
    let (tap, words, clock) = (host.system_feed(), Words::here(), Clock::here());
    let sensors = move || {
        let (samples, zone) = (tap.samples(), clock.zone());
        let told = |(name, celsius)| (name, format::full(celsius, Unit::Celsius));
        let silent = |(name, since)| (name, (words.no_answer_since)(&format::clock(since, zone.clone())));
        let silent = samples.unanswered(id::TEMPERATURE).into_iter().map(silent);
        samples.instances(id::TEMPERATURE).into_iter().map(told).chain(silent).collect::<Vec<_>>()
    };
    let card = move || {
        view! {
            <Card id="temperatures" title=words.temperatures switch=tap.switch>
                <table class="table">
                    <thead class="sr-only">
                        <tr>
                            <th scope="col">{words.sensor}</th>
                            <th scope="col">{words.value}</th>
                        </tr>
                    </thead>
                    <tbody>{live(move || list(sensors().into_iter().map(row)))}</tbody>
                </table>
            </Card>
        }
        .erase()
    };
    when(move || !sensors().is_empty(), card)
}

fn row((name, told): (String, String)) -> ErasedView {
    view! {
        <tr>
            <th scope="row" class="table__name" title=name.clone()>{name.clone()}</th>
            <td class="number" data-testid="value">{told}</td>
        </tr>
    }
    .patched()
}
