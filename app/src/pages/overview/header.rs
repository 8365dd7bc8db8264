//! Which machine this is.

use common::series::id;
use leptos::prelude::*;

use crate::{
    format,
    live::LiveHost,
    words::{Pick, Tongue, t},
};

#[component]
pub(super) fn HostHeader(host: LiveHost) -> impl IntoView {
    let (tap, tongue) = (host.tap_system(), Tongue::here());
    // It does not change while the host runs, and the page is built anew for another.
    let info = untrack(|| host.info());
    let info = move |read: fn(common::host::HostInfo) -> Option<String>| info.clone().and_then(read);
    let uptime = move || {
        let seconds = tap.value.with(|samples| samples.value(id::UPTIME))?;
        Some(format::long_duration((seconds * 1000.0) as u64, tongue.words()))
    };
    let load = move || {
        let [one, five, fifteen] =
            tap.value.with(|samples| [id::LOAD_1, id::LOAD_5, id::LOAD_15].map(|key| samples.value(key)));
        let text = |value: Option<f64>| value.map(|value| format::fixed(value, 2));
        Some([text(one)?.as_str(), " · ", &text(five)?, " · ", &text(fifteen)?].concat())
    };
    view! {
        <header class="host">
            <h1 class="host__name" data-testid="hostname">{info(|info| Some(info.hostname))}</h1>
            <dl class="facts facts--host">
                {fact(|w| w.host_os, info(|info| info.os))}
                {fact(|w| w.host_kernel, info(|info| info.kernel))}
                {fact(|w| w.host_cpu, info(|info| info.cpu_model))}
                {fact(|w| w.host_cores, info(|info| Some(info.cores.to_string())))}
                <div>
                    <dt>{t(|w| w.host_uptime)}</dt>
                    <dd class="number" data-testid="uptime">{move || uptime().unwrap_or_else(dash)}</dd>
                </div>
                <div>
                    <dt title=t(|w| w.host_load_hint)>{t(|w| w.host_load)}</dt>
                    <dd class="number" data-testid="load">{move || load().unwrap_or_else(dash)}</dd>
                </div>
            </dl>
        </header>
    }
    .into_any()
}

fn dash() -> String {
    "–".to_owned()
}

fn fact(name: Pick, value: Option<String>) -> Option<impl IntoView> {
    value.filter(|value| !value.is_empty()).map(|value| {
        view! {
            <div>
                <dt>{t(name)}</dt>
                <dd>{value}</dd>
            </div>
        }
    })
}
