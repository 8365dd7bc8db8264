//! Which machine this is.

use common::{host::HostInfo, series::id};
use leptos::prelude::*;

use crate::{
    format,
    live::LiveHost,
    widgets::{IntoPart, Part, text},
    words::Words,
};

#[component]
pub(super) fn HostHeader(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.tap_system(), Words::here());
    // It does not change while the host runs, and the page is built anew for another.
    let info = untrack(|| host.info());
    let known = |read: fn(&HostInfo) -> Option<String>| info.as_ref().and_then(read);
    let uptime = move || {
        let seconds = tap.samples().value(id::UPTIME)?;
        Some(format::long_duration((seconds * 1000.0) as u64, words))
    };
    let load = move || {
        let samples = tap.samples();
        let text = |key| samples.value(key).map(|value| format::fixed(value, 2));
        let [one, five, fifteen] = [text(id::LOAD_1)?, text(id::LOAD_5)?, text(id::LOAD_15)?];
        Some([&one, " · ", &five, " · ", &fifteen].concat())
    };
    view! {
        <header class="host">
            <h1 class="host__name" data-testid="hostname">{known(|info| Some(info.hostname.clone()))}</h1>
            <dl class="facts facts--host">
                {fact(words.host_os, known(|info| info.os.clone()))}
                {fact(words.host_kernel, known(|info| info.kernel.clone()))}
                {fact(words.host_cpu, known(|info| info.cpu_model.clone()))}
                {fact(words.host_cores, known(|info| Some(info.cores.to_string())))}
                <div>
                    <dt>{words.host_uptime}</dt>
                    <dd class="number" data-testid="uptime">{text(move || uptime().unwrap_or_else(dash))}</dd>
                </div>
                <div>
                    <dt title=words.host_load_hint>{words.host_load}</dt>
                    <dd class="number" data-testid="load">{text(move || load().unwrap_or_else(dash))}</dd>
                </div>
            </dl>
        </header>
    }
    .part()
}

fn dash() -> String {
    "–".to_owned()
}

fn fact(name: &'static str, value: Option<String>) -> Option<Part> {
    let value = value.filter(|value| !value.is_empty())?;
    let fact = view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    };
    Some(fact.part())
}
