//! How warm the machine is, where it can tell.

use common::series::{Unit, id};
use leptos::prelude::*;

use crate::{format, live::LiveHost, widgets::Card, words::t};

/// The card; nothing at all on a machine without sensors.
#[component]
pub(super) fn TemperaturesCard(host: LiveHost) -> impl IntoView {
    let tap = host.tap_system();
    let sensors = Memo::new(move |_| tap.value.with(|samples| samples.instances(id::TEMPERATURE)));
    let has_sensors = Memo::new(move |_| sensors.with(|sensors| !sensors.is_empty()));
    let rows = move || {
        let row = |(name, celsius): (String, f64)| {
            view! {
                <tr>
                    <th scope="row" class="table__name" title=name.clone()>{name.clone()}</th>
                    <td class="number" data-testid="value">{format::full(celsius, Unit::Celsius)}</td>
                </tr>
            }
        };
        sensors.get().into_iter().map(row).collect_view()
    };
    view! {
        <Show when=move || has_sensors.get()>
            <Card id="temperatures" title=|w| w.temperatures switch=tap.switch>
                <table class="table">
                    <thead class="sr-only">
                        <tr>
                            <th scope="col">{t(|w| w.sensor)}</th>
                            <th scope="col">{t(|w| w.value)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Card>
        </Show>
    }
}
