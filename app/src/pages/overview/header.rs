//! Which machine this is, whether it is well, and how far back the page looks.

use common::{host::HostInfo, series::id};
use leptos::prelude::*;

use crate::{
    format,
    i18n::Words,
    live::{CardFeed, LiveHost, Switch, Vital, Vitals},
    widgets::{ErasedView, IntoErasedView, RangeChoice, alarm_row, either, list, live, text},
};

#[component]
pub(super) fn HostHeader(host: LiveHost, judged: Switch) -> impl IntoView {
    let (tap, words) = (host.system_feed(), Words::here());
    // It does not change while the host runs, and the page is built anew for another.
    let info = untrack(|| host.info());
    let known = |read: fn(&HostInfo) -> Option<String>| info.as_ref().and_then(read);
    let uptime = move || {
        let seconds = tap.samples().value(id::UPTIME)?;
        Some(format::long_duration((seconds * 1000.0) as u64, words))
    };
    view! {
        <header class="host">
            <h1 class="host__name" data-testid="hostname">{known(|info| Some(info.hostname.clone()))}</h1>
            {verdict(host, judged)}
            <div class="host__range"><RangeChoice /></div>
            <dl class="facts facts--host">
                {fact(words.host_os, known(|info| info.os.clone()))}
                {fact(words.host_kernel, known(|info| info.kernel.clone()))}
                {fact(words.host_cpu, known(|info| info.cpu_model.clone()))}
                {fact(words.host_cores, known(|info| Some(info.cores.to_string())))}
                <div>
                    <dt>{words.host_uptime}</dt>
                    <dd class="number" data-testid="uptime">{text(move || uptime().unwrap_or_else(dash))}</dd>
                </div>
                {load(host, tap)}
            </dl>
        </header>
    }
    .erase()
}

/// Renders the alarms with their durations, or that all is well; old numbers give no verdict.
fn verdict(host: LiveHost, judged: Switch) -> ErasedView {
    let words = Words::here();
    let alarms = move || host.vitals().with(Vitals::alarms);
    let is_current = move || judged.state.get().is_current();
    let class = move || match (is_current(), alarms().is_empty()) {
        (false, _) => "old",
        (true, true) => "well",
        (true, false) => "ill",
    };
    let sentence = move || {
        let told = if is_current() { words.all_well } else { words.old_values };
        view! { <p class="verdict__sentence">{told}</p> }.patched()
    };
    let list = move || {
        let rows = live(move || list(alarms().into_iter().map(alarm_row)));
        view! { <ul class="alarms">{rows}</ul> }.erase()
    };
    view! {
        <div class="verdict" data-testid="verdict" data-verdict=text(class)>
            {either(move || class() == "ill", list, move || live(sentence).erase())}
        </div>
    }
    .erase()
}

fn load(host: LiveHost, tap: CardFeed) -> ErasedView {
    let words = Words::here();
    let load = move || {
        let samples = tap.samples();
        let text = |key| samples.value(key).map(|value| format::fixed(value, 2));
        let [one, five, fifteen] = [text(id::LOAD_1)?, text(id::LOAD_5)?, text(id::LOAD_15)?];
        Some([&one, " · ", &five, " · ", &fifteen].concat())
    };
    let level =
        move || host.vitals().with(|vitals| vitals.alarm(Vital::Load)).map_or("none", |alarm| alarm.name());
    view! {
        <div>
            <dt title=words.host_load_hint>{words.host_load}</dt>
            <dd class="number load" data-testid="load" data-level=text(level)>
                {text(move || load().unwrap_or_else(dash))}
            </dd>
        </div>
    }
    .erase()
}

fn dash() -> String {
    "–".to_owned()
}

fn fact(name: &'static str, value: Option<String>) -> Option<ErasedView> {
    let value = value.filter(|value| !value.is_empty())?;
    let fact = view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    };
    Some(fact.erase())
}
