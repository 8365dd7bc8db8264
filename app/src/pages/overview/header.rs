//! Which machine this is, whether it is well, and how far back the page looks.

use common::{
    host::HostInfo,
    metric::Unit,
    panel::{Panel, PanelView},
};
use leptos::prelude::*;

use super::words::OverviewWords;
use crate::{
    format,
    i18n::{Language, Words},
    live::{CardFeed, LiveHost, Switch, Vitals},
    widgets::{ErasedView, IntoErasedView, RangeChoice, alarm_row, either, fixed_list, list, live, text},
};

#[component]
pub(super) fn HostHeader(host: LiveHost, judged: Switch) -> impl IntoView {
    let (tap, words) = (host.system_feed(), OverviewWords::here());
    // It does not change while the host runs, and the page is built anew for another.
    let info = untrack(|| host.info());
    let known = |read: fn(&HostInfo) -> Option<String>| info.as_ref().and_then(read);
    let panels = host.catalog().panels.iter().filter(|panel| panel.view == PanelView::Fact);
    view! {
        <header class="host">
            <h1 class="host__name" data-testid="hostname">{known(|info| Some(info.name().to_owned()))}</h1>
            {verdict(host, judged)}
            <div class="host__range"><RangeChoice /></div>
            <dl class="facts facts--host">
                {fact(words.host_os, known(|info| info.os.clone()))}
                {fact(words.host_kernel, known(|info| info.kernel.clone()))}
                {fact(words.host_cpu, known(|info| info.cpu_model.clone()))}
                {fact(words.host_cores, known(|info| Some(info.cores.to_string())))}
                {fixed_list(panels.map(|panel| measured(host, tap, panel)))}
            </dl>
        </header>
    }
    .erase()
}

/// Renders the alarms with their durations, or that all is well; old numbers give no verdict.
fn verdict(host: LiveHost, judged: Switch) -> ErasedView {
    let words = OverviewWords::here();
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

/// A fact that changes: the numbers of a panel, once all of them are known. A host that does not have them has no such fact,
/// and one that does not answer for them has a dash.
fn measured(host: LiveHost, tap: CardFeed, panel: &'static Panel) -> ErasedView {
    let (words, language) = (Words::here(), Language::here());
    let told = move || {
        let samples = tap.samples();
        let mut told = String::new();
        for line in panel.lines {
            let (id, unit) = (line.metric.id, line.metric.unit);
            let Some(value) = samples.total(id) else {
                return if samples.is_silent(id) { "–".to_owned() } else { String::new() };
            };
            if !told.is_empty() {
                told.push_str(" · ");
            }
            told.push_str(&if unit == Unit::Seconds {
                format::long_duration((value * 1000.0) as u64, words)
            } else {
                format::full(value, unit)
            });
        }
        told
    };
    let level = move || {
        if told().is_empty() {
            return "absent";
        }
        host.vitals().with(|vitals| vitals.alarm(panel)).map_or("none", |alarm| alarm.name())
    };
    view! {
        <div>
            <dt title=language.pick(panel.hint)>{language.pick(panel.title)}</dt>
            <dd class="number fact" data-testid=panel.id data-level=text(level)>{text(told)}</dd>
        </div>
    }
    .erase()
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
