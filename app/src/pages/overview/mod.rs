//! One host at a glance: how it is now, how it was in the last minutes, and what keeps it busy.

mod cores;
mod filesystems;
mod header;
mod memory;
mod now;
mod processes;
mod rates;
mod temperatures;
mod trend;

use common::host::{HostId, HostSnapshot};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    first_paint,
    live::{LiveHost, Phase, Trend},
    widgets::{Crosshair, IntoPart, Part, later, live, past_trouble, skeleton, trouble_page},
    words::{Pick, Words},
};

/// The cards by their ids, for the palette.
pub(crate) const CARDS: [(&str, Pick); 10] = [
    ("now", |w| w.now),
    ("cpu", |w| w.cpu),
    ("memory", |w| w.memory),
    ("disk", |w| w.disk),
    ("cores", |w| w.cores),
    ("memory-swap", |w| w.memory_swap),
    ("network", |w| w.network),
    ("disk-io", |w| w.disk_io),
    ("filesystems", |w| w.filesystems),
    ("processes", |w| w.processes),
];

#[component]
pub(crate) fn Overview() -> impl IntoView {
    let id = HostId::local();
    let snapshot: Option<HostSnapshot> = SharedValue::new(|| first_paint::host(&id)).into_inner();
    let host = LiveHost::new(HostId::local(), snapshot.map(first_paint::unpacked));
    provide_context(host);
    provide_context(Crosshair::new());
    let words = Words::here();
    let title = move || {
        let name = host.info().map_or_else(|| words.overview.to_owned(), |info| info.hostname);
        [&name, " · ", words.product].concat()
    };
    let body = move || match host.phase() {
        Phase::Ready => ready(host),
        Phase::Loading => skeleton(&CARDS.map(|card| card.0)),
        Phase::Failed(trouble) => trouble_page(&trouble, move || host.ask()),
    };
    view! {
        <Title text=title />
        {live(body)}
    }
    .part()
}

fn ready(host: LiveHost) -> Part {
    let words = Words::here();
    view! {
        <header::HostHeader host />
        {past_trouble(host.past())}
        <div class="grid">
            {later(move || view! { <now::NowCard host /> }.part())}
            {later(move || view! { <trend::TrendCard host trend=Trend::CPU id="cpu" title=words.cpu color=0 size=(644, 148) /> }.part())}
            {later(move || view! { <trend::TrendCard host trend=Trend::MEMORY id="memory" title=words.memory color=1 /> }.part())}
            {later(move || view! { <trend::TrendCard host trend=Trend::DISK id="disk" title=words.disk color=2 /> }.part())}
            {later(move || view! { <cores::CoresCard host /> }.part())}
            {later(move || view! { <memory::MemoryCard host /> }.part())}
            {later(move || view! { <rates::NetworkCard host /> }.part())}
            {later(move || view! { <rates::DiskActivityCard host /> }.part())}
            {later(move || view! { <filesystems::FilesystemsCard host /> }.part())}
            {later(move || view! { <processes::ProcessesCard host /> }.part())}
            <temperatures::TemperaturesCard host />
        </div>
    }
    .part()
}
