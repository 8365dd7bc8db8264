//! The transports below each other on one axis of time: how old what each brings is, what else was measured of it, and its switch.

use common::{metric::Unit, metric_catalog::MetricCatalog};
use leptos::prelude::*;

use super::super::words::LabWords;
use super::{
    bench::Bench,
    columns::{COLUMNS, Measure},
    lane::Lane,
    measure::{SIZE, is_busy, place},
};
use crate::{
    format,
    i18n::{WireWords, Words},
    parts,
    widgets::{ErasedView, IntoErasedView, ToggleButtons, click, flag, list, text, when},
};

/// The ends of the powers of ten.
const TICKS: [&str; 6] = ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s"];

pub(super) fn lanes(bench: Bench) -> ErasedView {
    let words = LabWords::here();
    let lanes = bench.lanes.get();
    let (all, newest) = (lanes.clone(), lanes.clone());
    let busy = move || is_busy(all.iter().filter(|lane| lane.is_live()).map(|lane| lane.figures.get()));
    let notice = move || {
        let newest = newest.clone();
        let told = move || (words.busy)(used(&newest).as_deref());
        view! { <p class="notice lanes__busy" role="status" data-testid="lab-busy">{text(told)}</p> }.fresh()
    };
    view! {
        <section class="card card--lanes" aria-labelledby="lab-lanes" data-testid="lab-lanes">
            <header class="card__head lanes__head">
                <h2 class="card__title" id="lab-lanes">{words.comparison}</h2>
                <p class="lanes__hint">{words.lanes_hint}</p>
            </header>
            {when(busy, notice)}
            <ul class="lanes">{list(lanes.into_iter().map(move |lane| lane_item(bench, lane)))}</ul>
            <p class="lanes__axis number" aria-hidden="true">
                {list(TICKS.map(|tick| view! { <span>{tick}</span> }.fresh()))}
            </p>
        </section>
    }
    .fresh()
}

/// Returns the use of the server's processors, if it is high.
fn used(lanes: &[Lane]) -> Option<String> {
    // The first panel is what a host is judged by first.
    let catalog: &'static MetricCatalog = parts::shared();
    let panel = catalog.panels.iter().find(|panel| panel.is_judged())?;
    let high = panel.thresholds(1)?.warn;
    let value =
        |lane: &Lane| lane.sample.with(|sample| panel.value(&|metric| sample.as_ref()?.total(metric)));
    lanes.iter().find_map(value).filter(|used| *used >= high).map(|used| format::full(used, Unit::Percent))
}

fn lane_item(bench: Bench, lane: Lane) -> ErasedView {
    let words = Words::here();
    let name = ["lab-name-", lane.id].concat();
    let named = name.clone();
    let why = move || lane.turned_away.get().map_or("", |reason| (WireWords::here().turned_away)(reason));
    let facts = COLUMNS.iter().filter(|column| column.on_card).map(|column| fact(bench, lane, column));
    view! {
        <li
            class="lane"
            id=["lab-", lane.id].concat()
            tabindex="-1"
            data-testid=["lab-", lane.id].concat()
            data-state=text(move || lane.told(words).0)
            aria-labelledby=name
        >
            <div class="lane__name">
                <h3 id=named>{lane.name}</h3>
                <p class="card__status lane__status">
                    <span class="mark" aria-hidden="true"></span>
                    <span data-testid="status" aria-live="polite">{text(move || lane.told(words).1)}</span>
                </p>
            </div>
            {strip(lane)}
            <dl class="lane__facts">{list(facts)}</dl>
            {switch(bench, lane)}
            <p class="lane__why" role="status" data-testid="why">{text(why)}</p>
        </li>
    }
    .fresh()
}

/// The spread of ages, with lines at half of them and at 99 of 100.
fn strip(lane: Lane) -> ErasedView {
    let frame = ["0 0 ", &SIZE.0.to_string(), " ", &SIZE.1.to_string()].concat();
    let line = |value: Option<f64>| {
        value
            .map_or_else(String::new, |ms| ["M", &place(ms).to_string(), " 0V", &SIZE.1.to_string()].concat())
    };
    view! {
        <svg class="lane__strip" viewBox=frame preserveAspectRatio="none" aria-hidden="true" data-testid="strip">
            <path class="lane__grid" d="M200 0V100M400 0V100M600 0V100M800 0V100"></path>
            <path class="lane__ages" d=text(move || lane.figures.get().ages.path())></path>
            <path class="lane__p99" d=text(move || line(lane.figures.get().p99))></path>
            <path class="lane__p50" d=text(move || line(lane.figures.get().p50))></path>
        </svg>
    }
    .fresh()
}

fn fact(bench: Bench, lane: Lane, column: &'static Measure) -> ErasedView {
    let words = LabWords::here();
    let value = move || (column.text)(&lane.figures.get(), lane.bytes.get());
    let unit = move || lane.figures.with(|figures| (column.value)(figures).map_or("", |_| column.unit));
    let tip = move || (column.how)(lane.bytes.get(), words);
    // The seats are those of the bench for as long as it lasts.
    let lanes = bench.lanes.get();
    let best = move || column.has_best && is_best(lane, &lanes, column);
    view! {
        <div class="lane__fact" title=text(tip)>
            <dt>{(column.short)(words)}</dt>
            <dd class="number">
                <span data-testid=column.id>{text(value)}</span>
                <span class="line__unit">{text(unit)}</span>
                {when(best, move || view! { <span class="lane__best"><span class="sr-only">{words.best}</span></span> }.fresh())}
            </dd>
        </div>
    }
    .fresh()
}

/// Returns true if no other live connection has less of the measure; a single connection has no rival.
fn is_best(lane: Lane, lanes: &[Lane], column: &Measure) -> bool {
    let value = |lane: &Lane| {
        let value = lane.figures.with(|figures| (column.value)(figures));
        value.filter(|_| lane.is_live())
    };
    let Some(own) = value(&lane) else { return false };
    let others: Vec<f64> = lanes.iter().filter(|other| other.place != lane.place).filter_map(value).collect();
    !others.is_empty() && others.iter().all(|other| own < *other)
}

fn switch(bench: Bench, lane: Lane) -> ErasedView {
    let words = Words::here();
    let is_off = move || !lane.on.get();
    let twins = ToggleButtons::new(is_off);
    let turn = move |on| {
        bench.turn(lane, on);
        twins.hand_over(!on);
    };
    view! {
        <div class="lane__switch">
            <button
                type="button"
                class="button button--quiet"
                data-testid="connect"
                node_ref=twins.connect
                hidden=flag(move || !is_off())
                aria-label=(WireWords::here().connect_one)(lane.name)
                on:click=click(move || turn(true))
            >
                {words.connect}
            </button>
            <button
                type="button"
                class="button button--quiet"
                data-testid="disconnect"
                node_ref=twins.disconnect
                hidden=flag(is_off)
                aria-label=(WireWords::here().disconnect_one)(lane.name)
                on:click=click(move || turn(false))
            >
                {words.disconnect}
            </button>
        </div>
    }
    .fresh()
}
