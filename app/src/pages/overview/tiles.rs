//! The strip on top: what is read from across the room. Each value large, with its last minutes and the worst that was seen.

use common::series::Unit;
use leptos::prelude::*;

use super::{
    rates::LiveFlow,
    share::{CPU, DISK, LiveShare, MEMORY},
    trend::fullest,
};
use crate::{
    format,
    i18n::Words,
    live::{Clock, Derived, LiveHost, Peak, Switch, Vital},
    widgets::{ErasedView, IntoErasedView, TrendRange, list, spark, text},
};

/// The ids of the tiles, for the skeleton.
pub(super) const TILES: [&str; 4] = [CPU.id, MEMORY.id, DISK.id, "network"];

struct Tile {
    id: &'static str,
    title: &'static str,
    vital: Vital,
    switch: Switch,
    /// The view beside the title.
    which: Option<ErasedView>,
    value: ErasedView,
    spark: ErasedView,
}

pub(super) fn tiles(host: LiveHost, shares: [LiveShare; 3], network: LiveFlow) -> ErasedView {
    let tiles = shares.map(|share| of_share(host, share)).into_iter().chain([of_network(host, network)]);
    view! { <ul class="tiles" aria-label=Words::here().now>{list(tiles)}</ul> }.erase()
}

fn of_share(host: LiveHost, of: LiveShare) -> ErasedView {
    let (words, LiveShare { share, tap, points }) = (Words::here(), of);
    let number = move || of.value().map_or_else(|| "–".to_owned(), |value| format::fixed(value, 1));
    let unit = move || if of.value().is_some() { "%" } else { "" };
    let which = (share.vital == Vital::Disk).then(|| {
        let mount = move || fullest(&tap.samples()).unwrap_or_default();
        view! { <span class="tile__which" title=words.disk_hint>{text(mount)}</span> }.erase()
    });
    let value = view! {
        <p class="tile__value number" data-testid="value">
            {text(number)} <span class="tile__unit">{text(unit)}</span>
        </p>
    };
    let line = Derived::new(move || {
        points.with(|points| spark::path(&points[0], TrendRange::FiveMinutes.ms(), Some(100.0)))
    });
    tile(
        host,
        Tile {
            id: share.id,
            title: (share.title)(words),
            vital: share.vital,
            switch: tap.switch,
            which,
            value: value.erase(),
            spark: spark::spark(share.color, line),
        },
    )
}

fn of_network(host: LiveHost, of: LiveFlow) -> ErasedView {
    let words = Words::here();
    let way = move |mark: &'static str, name: &'static str, direction: usize| {
        let rate = move || of.rate(direction);
        view! {
            <span class="tile__way" title=name>
                <span aria-hidden="true">{mark}</span>
                <span class="sr-only">{name}</span>
                " "
                {text(rate)}
            </span>
        }
        .erase()
    };
    let value = view! {
        <p class="tile__ways number" data-testid="value">
            {way("↓", words.received, 0)} {way("↑", words.sent, 1)}
        </p>
    };
    let line = Derived::new(move || {
        of.points.with(|points| spark::path(&sum(points), TrendRange::FiveMinutes.ms(), None))
    });
    tile(
        host,
        Tile {
            id: "network",
            title: words.network,
            vital: Vital::Network,
            switch: of.tap.switch,
            which: None,
            value: value.erase(),
            spark: spark::spark(of.flow.color, line),
        },
    )
}

/// A value at a moment; none where there is a gap.
type Point = (f64, Option<f64>);

/// Both directions together.
fn sum(points: &[Vec<Point>]) -> Vec<Point> {
    let [first, second] = points else { return Vec::new() };
    let both =
        |(&(at, one), &(_, other)): (&Point, &Point)| (at, one.zip(other).map(|(one, other)| one + other));
    first.iter().zip(second).map(both).collect()
}

fn tile(host: LiveHost, tile: Tile) -> ErasedView {
    let (words, clock) = (Words::here(), Clock::here());
    let Tile { id, title, vital, switch, which, value, spark } = tile;
    let alarm = move || {
        host.vitals()
            .with(|vitals| vitals.alarm(vital))
            .filter(|_| switch.on.get() && switch.state.get().is_current())
    };
    let level = move || alarm().map_or("none", |alarm| alarm.name());
    let told = move || alarm().map(|alarm| alarm.told(words)).unwrap_or_default();
    let peak = move || host.vitals().with(|vitals| vitals.judged(vital).peak);
    let unit = if vital == Vital::Network { Unit::BytesPerSecond } else { Unit::Percent };
    let worst = move || {
        let told = |peak: Peak| {
            (words.worst)(&format::full(peak.value, unit), &format::minute(peak.at, clock.zone()))
        };
        peak().map(told).unwrap_or_default()
    };
    let since = move || {
        let since = peak().map(|peak| format::clock(peak.since, clock.zone())).unwrap_or_default();
        [words.since, " ", &since].concat()
    };
    view! {
        <li
            class="tile"
            data-testid=["tile-", id].concat()
            data-state=text(move || switch.state.get().name())
            data-level=text(level)
        >
            <p class="tile__head">
                <span class="tile__title">{title}</span>
                {which}
                <span class="tile__level number">{text(told)}</span>
            </p>
            <div class="tile__body">
                {value}
                {spark}
            </div>
            <p class="tile__worst number" title=text(since)>{text(worst)}</p>
        </li>
    }
    .erase()
}
