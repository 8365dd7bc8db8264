//! One host at a glance: how it is now, how it was in the last minutes, and what keeps it busy.

mod bodies;
mod cores;
mod filesystems;
mod header;
mod later;
mod memory;
mod processes;
mod rates;
mod share;
mod temperatures;
mod tiles;
mod trend;

use common::host::{HostId, HostSnapshot};
use leptos::prelude::*;
use leptos_meta::Title;

pub(crate) use self::bodies::BODIES;
use self::{
    rates::{DISKS, LiveFlow, NETWORK},
    share::{CPU, DISK, LiveShare, MEMORY},
    tiles::{TILES, tiles},
};
use super::page::{Page, Route};
use crate::{
    first_paint,
    i18n::{Pick, Words},
    live::{Alarm, Connection, LiveHost, Phase, Vitals, effect},
    ports::{Browser, LinkState},
    widgets::{
        Commands, Crosshair, ErasedView, Group, Icon, IntoErasedView, live, past_trouble, skeleton_below,
        trouble_page,
    },
};

/// The page.
pub(super) const PAGE: Page = Page {
    route: Some(Route {
        paths: &["/"],
        name: |language| Words::of(language).overview,
        icon: Icon::OVERVIEW,
        has_trends: true,
        view: overview,
    }),
    shortcuts: &[],
};

/// The way to each card.
pub(super) fn commands(commands: &mut Commands) {
    let words = Words::here();
    for (id, name) in CARDS {
        commands.go(Group::Cards, Icon::CARD, name(words), ["/#", id].concat());
    }
}

/// The cards by their ids.
const CARDS: [(&str, Pick); 9] = [
    ("cpu", |w| w.cpu),
    ("memory", |w| w.memory),
    ("disk", |w| w.disk),
    ("network", |w| w.network),
    ("disk-io", |w| w.disk_io),
    ("cores", |w| w.cores),
    ("memory-swap", |w| w.memory_swap),
    ("filesystems", |w| w.filesystems),
    ("processes", |w| w.processes),
];

fn overview() -> ErasedView {
    let id = HostId::local();
    let snapshot: Option<HostSnapshot> = SharedValue::new(|| first_paint::host(&id)).into_inner();
    let host = LiveHost::new(HostId::local(), snapshot.map(first_paint::unpacked));
    provide_context(host);
    provide_context(Crosshair::new());
    let words = Words::here();
    let line = Connection::here();
    // The tab's title shows the alert: the reader may be looking at another tab.
    let loudest = move || {
        let rings = |alarm: &Alarm| alarm.state.rings();
        host.vitals().with(Vitals::alarms).into_iter().find(rings)
    };
    let title = move || {
        let name = host.info().map_or_else(|| words.overview.to_owned(), |info| info.hostname);
        if matches!(line.state(), LinkState::Offline { .. }) {
            return [words.state_offline, " · ", &name].concat();
        }
        match loudest() {
            Some(Alarm { vital, value, .. }) => {
                ["▲ ", vital.name()(words), " ", &vital.short(value), " · ", &name].concat()
            }
            None => [&name, " · ", words.product].concat(),
        }
    };
    let is_loud = Memo::new(move |_| loudest().is_some());
    effect(move || mark_tab(is_loud.get()));
    let is_browser = use_context::<Browser>().is_some();
    on_cleanup(move || {
        if is_browser {
            mark_tab(false);
        }
    });
    let body = move || match host.phase() {
        Phase::Ready => ready(host),
        Phase::Loading => skeleton_below(TILES.len(), &CARDS.map(|card| card.0)),
        Phase::Failed(trouble) => trouble_page(&trouble, move || host.ask()),
    };
    view! {
        <Title text=title />
        {live(body)}
    }
    .erase()
}

fn ready(host: LiveHost) -> ErasedView {
    later::bring();
    let shares = [CPU, MEMORY, DISK].map(|share| LiveShare::new(host, share));
    let [network, disks] = [NETWORK, DISKS].map(|flow| LiveFlow::new(host, flow));
    let [cpu, memory, disk] = shares;
    view! {
        <header::HostHeader host judged=cpu.tap.switch />
        {past_trouble(host.past())}
        {tiles(host, shares, network)}
        <div class="grid">
            <trend::TrendCard host of=cpu />
            <trend::TrendCard host of=memory />
            <trend::TrendCard host of=disk />
            <rates::FlowCard host of=network />
            <rates::FlowCard host of=disks />
            <cores::CoresCard host />
            <memory::MemoryCard host />
            <temperatures::TemperaturesCard host />
            <filesystems::FilesystemsCard host />
            <processes::ProcessesCard host />
        </div>
    }
    .erase()
}

/// The picture of the browser's tab.
fn mark_tab(is_loud: bool) {
    let icon = document().query_selector("link[rel=icon]").ok().flatten();
    if let Some(icon) = icon {
        let _ = icon.set_attribute("href", if is_loud { "/favicon-critical.svg" } else { "/favicon.svg" });
    }
}
