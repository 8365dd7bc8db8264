//! One host at a glance: how it is now, how it was in the last minutes, and what keeps it busy.

mod bodies;
mod header;
mod instances;
mod later;
mod panel_feed;
mod processes;
mod shares;
mod stacked;
mod tiles;
mod trend;
mod usage;
mod values;
mod words;

use common::{
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
    panel::{Panel, PanelView},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

pub(crate) use self::bodies::BODIES;
use self::{panel_feed::PanelFeed, processes::PROCESSES, tiles::tiles, words::OverviewWords};
use super::{
    not_found::NotFound,
    page::{Page, Route},
};
use crate::{
    first_paint,
    i18n::{Language, Words},
    live::{Alarm, Connection, LiveHost, Phase, Vitals},
    parts,
    ports::LinkState,
    widgets::{
        Commands, Crosshair, ErasedView, Group, Icon, IntoErasedView, fixed_list, live, past_trouble,
        skeleton_below, trouble_page,
    },
};

/// The page.
pub(super) const PAGE: Page = Page {
    route: Some(Route {
        paths: &["/"],
        name: |language| OverviewWords::of(language).overview,
        icon: Icon::OVERVIEW,
        has_trends: true,
        view: overview,
    }),
    shortcuts: &[],
};

/// The way to each card.
pub(super) fn commands(commands: &mut Commands) {
    let (words, language) = (Words::here(), Language::here());
    let mut go = |id, name| {
        commands.go(Group::Cards, Icon::CARD, name, ["/#", id].concat());
    };
    for panel in cards() {
        go(panel.id, language.pick(panel.title));
    }
    go(PROCESSES, words.processes);
}

/// The panels that are always cards: one that lists values is there only where the host has some.
fn cards() -> impl Iterator<Item = &'static Panel> {
    let catalog: &'static MetricCatalog = parts::shared();
    let is_card = |panel: &&Panel| !matches!(panel.view, PanelView::Fact | PanelView::Values);
    catalog.panels.iter().filter(is_card)
}

/// The host is the one that the address names, `/?host=web-1`, and without a name the machine that the server runs on.
fn overview() -> ErasedView {
    let address = use_location().search;
    let shown =
        move |query: &String| host_named(query).map_or_else(|| view! { <NotFound /> }.erase(), overview_of);
    live(move || address.with(shown)).erase()
}

/// The host of an address; none where it names what can be no host.
fn host_named(query: &str) -> Option<HostId> {
    let named = query.split('&').find_map(|pair| pair.strip_prefix("host="));
    named.map_or_else(|| Some(HostId::local()), |name| name.parse().ok())
}

fn overview_of(id: HostId) -> ErasedView {
    let snapshot: Option<HostSnapshot> = SharedValue::new(|| first_paint::host(&id)).into_inner();
    if snapshot.is_none() && id != HostId::local() {
        first_paint::set_status(404);
    }
    let host = LiveHost::new(id, snapshot.map(first_paint::unpacked));
    provide_context(host);
    provide_context(Crosshair::new());
    let (words, own, language) = (Words::here(), OverviewWords::here(), Language::here());
    let line = Connection::here();
    // The tab's title shows the alert: the reader may be looking at another tab.
    let loudest = move || {
        let rings = |alarm: &Alarm| alarm.state.rings();
        host.vitals().with(Vitals::alarms).into_iter().find(rings)
    };
    let title = move || {
        let name = host.info().map_or_else(|| own.overview.to_owned(), |info| info.name().to_owned());
        if matches!(line.state(), LinkState::Offline { .. }) {
            return [words.state_offline, " · ", &name].concat();
        }
        match loudest() {
            Some(Alarm { vital, value, .. }) => {
                ["▲ ", vital.name(language), " ", &vital.short(value), " · ", &name].concat()
            }
            None => [&name, " · ", words.product].concat(),
        }
    };
    let body = move || match host.phase() {
        Phase::Ready => ready(host),
        Phase::Loading => {
            let ids: Vec<_> = cards().map(|panel| panel.id).chain([PROCESSES]).collect();
            skeleton_below(cards().filter(|panel| panel.tile).count(), &ids)
        }
        Phase::Failed(trouble) => trouble_page(&trouble, move || host.ask()),
    };
    view! {
        <Title text=first_paint::title(title) />
        {live(body)}
    }
    .erase()
}

fn ready(host: LiveHost) -> ErasedView {
    later::bring();
    let panels = host.catalog().panels.iter().filter(|panel| panel.view != PanelView::Fact);
    let panels: Vec<PanelFeed> = panels.map(|panel| PanelFeed::new(host, panel)).collect();
    let judged = panels.first().map_or_else(|| host.metrics_feed().switch, |first| first.tap.switch);
    let tiles = tiles(&panels);
    view! {
        <header::HostHeader host judged />
        {past_trouble(host.past())}
        {tiles}
        <div class="grid">
            {fixed_list(panels.into_iter().map(card))}
            <processes::ProcessesCard host />
        </div>
    }
    .erase()
}

fn card(of: PanelFeed) -> ErasedView {
    match of.panel.view {
        PanelView::Trend => view! { <trend::TrendCard of /> }.erase(),
        PanelView::Stacked => view! { <stacked::StackedCard of /> }.erase(),
        PanelView::Shares => view! { <shares::SharesCard of /> }.erase(),
        PanelView::Usage => view! { <usage::UsageCard of /> }.erase(),
        PanelView::Values => view! { <values::ValuesCard of /> }.erase(),
        PanelView::Fact => ().erase(),
    }
}
