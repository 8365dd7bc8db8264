//! The charts of a container: its last minutes or its last hour, with what happened pinned on them.

use charts::{Chart, LineChart, LineSeries, Scale, nice_max};
use common::metric::Unit;
use leptos::prelude::*;

use super::{
    super::{
        health::judge_event,
        list::TimelineItem,
        timeline::{told, word},
        words::ContainersWords,
    },
    past::{HOUR_MS, UsageTrend, UsageValue},
    state::OneContainer,
    words::OneContainerWords,
};
use crate::{
    format,
    i18n::Words,
    live::Derived,
    widgets::{
        ChartBox, ErasedView, IntoErasedView, LegendItem, Segment, Tools, legend, list, live, menu,
        segmented, text, time_axis,
    },
};

/// Points farther apart are not joined: the server keeps one every ten seconds.
const GAP_MS: f64 = 15_000.0;
/// The end of the axis is so many times the highest value at least.
const HEADROOM: f64 = 1.05;

/// A line of a chart, and its name; empty for the only one.
type UsageLine = (UsageValue, fn(&OneContainerWords) -> &'static str);

/// A chart: its name in files, its title, its unit, and its lines with their names.
struct UsageChart {
    id: &'static str,
    title: &'static str,
    unit: Unit,
    lines: &'static [UsageLine],
}

pub(super) fn charts(one: OneContainer) -> ErasedView {
    let (words, own) = (ContainersWords::here(), OneContainerWords::here());
    let all = [
        UsageChart {
            id: "container-cpu",
            title: words.cpu,
            unit: Unit::Percent,
            lines: &[(UsageValue::Cpu, |_| "")],
        },
        UsageChart {
            id: "container-memory",
            title: words.memory,
            unit: Unit::Bytes,
            lines: &[(UsageValue::Memory, |_| "")],
        },
        UsageChart {
            id: "container-network",
            title: words.network,
            unit: Unit::BytesPerSecond,
            lines: &[(UsageValue::Received, |words| words.received), (UsageValue::Sent, |words| words.sent)],
        },
        UsageChart {
            id: "container-disk",
            title: words.disk,
            unit: Unit::BytesPerSecond,
            lines: &[(UsageValue::Read, |words| words.read), (UsageValue::Written, |words| words.written)],
        },
    ];
    view! {
        <div class="one__spans">
            {segmented(
                "container-span",
                own.span,
                [
                    Segment::new(own.ten_minutes, one.minutes, 10),
                    Segment::new(own.one_hour, one.minutes, 60),
                ],
            )}
        </div>
        <div class="grid">{list(all.into_iter().map(|of| card(one, of)))}</div>
    }
    .fresh()
}

fn card(one: OneContainer, of: UsageChart) -> ErasedView {
    let (own, common) = (OneContainerWords::here(), Words::here());
    let UsageChart { id, title, unit, lines } = of;
    let tools = Tools::new(id, unit, chart(one, title, unit, lines));
    let now = move |value: UsageValue| {
        let newest = one.past.with(|past| past.line(value, past.newest().unwrap_or_default()));
        let value = newest.last().and_then(|point| point.1);
        value.map_or_else(|| common.no_value.to_owned(), |value| format::full(value, unit))
    };
    let told = move || {
        let one = |(value, name): &UsageLine| [name(own), " ", &now(*value)].concat().trim_start().to_owned();
        lines.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let label = Derived::new(move || [title, ": ", &told()].concat());
    let aside = if let [(value, _)] = lines {
        let value = *value;
        view! { <span class="card__value number" data-testid="value">{text(move || now(value))}</span> }
            .fresh()
    } else {
        ().fresh()
    };
    let items = || {
        let item = |(index, (value, name)): (usize, &UsageLine)| {
            let value = *value;
            LegendItem { name: name(own), color: index, value: Some(Derived::new(move || now(value))) }
        };
        lines.iter().enumerate().map(item).collect()
    };
    let heading = ["title-", id].concat();
    let named = heading.clone();
    let has_legend = lines.len() > 1;
    view! {
        <section class="card one__chart" data-testid=["card-", id].concat() aria-labelledby=heading>
            <header class="card__head">
                <h2 class="card__title" id=named>{title}</h2>
                {aside}
                {menu(title, Some(tools), None)}
            </header>
            <div class="card__body">
                {has_legend.then(|| legend(tools, items()))}
                <div class="pins">
                    <ChartBox tools label class="plot--rates" size=(542, 160) narrow=(302, 160) />
                    {live(move || pins(one))}
                </div>
            </div>
        </section>
    }
    .fresh()
}

fn chart(one: OneContainer, title: &'static str, unit: Unit, lines: &'static [UsageLine]) -> Derived<Chart> {
    let (own, clock) = (OneContainerWords::here(), one.clock);
    Derived::new(move || {
        let (from, to) = window(one);
        let step = if one.minutes.get() > 10 { 600_000.0 } else { 120_000.0 };
        let axis = time_axis(from, to, step, clock.zone());
        let scale = if unit == Unit::Bytes { Scale::Iec } else { Scale::Si };
        let series = one.past.with(|past| {
            let line = |(index, (value, name)): (usize, &UsageLine)| {
                let name = name(own);
                LineSeries {
                    name: (if name.is_empty() { title } else { name }).to_owned(),
                    points: past.line(*value, from as u64),
                    area: true,
                    color: index,
                    down: index == 1,
                }
            };
            lines.iter().enumerate().map(line).collect()
        });
        let mut line = LineChart { series, scale, gap_ms: GAP_MS, ..axis };
        let least = match unit {
            Unit::Percent => 10.0,
            _ => 1_024.0,
        };
        let max = nice_max((line.axis_max() * HEADROOM).max(least), scale);
        line.max = Some(max);
        line.ticks = [0.0, max / 2.0, max].map(|value| (value, format::tick(value, unit))).to_vec();
        Chart::Line(line)
    })
}

/// The time that the charts show, tracked: up to the newest point, or to now where none comes.
fn window(one: OneContainer) -> (f64, f64) {
    let now = one.clock.now().unwrap_or_default();
    let newest = one.past.with(UsageTrend::newest).filter(|newest| now.saturating_sub(*newest) < 15_000);
    let to = newest.unwrap_or(now) as f64;
    (to - (one.minutes.get() * 60_000).min(HOUR_MS) as f64, to)
}

/// The events, as lines over a chart, by its time axis. The list below the charts says the same in words.
fn pins(one: OneContainer) -> ErasedView {
    let words = ContainersWords::here();
    let (from, to) = window(one);
    let lines = one.board.timeline.with(|items| {
        let pin = |item: &TimelineItem| {
            let TimelineItem::Event(event) = item else { return None };
            let share = (event.at_ms as f64 - from) / (to - from);
            if !one.is(&event.id) || !(0.0..=1.0).contains(&share) {
                return None;
            }
            let x = ((share * 10_000.0).round() / 10.0).to_string();
            let severity = judge_event(event.what, event.exit_code);
            let view = view! {
                <line class="pins__pin" x1=x.clone() x2=x y1="0" y2="100" data-level=severity.name() data-what=word(event.what)>
                    <title>{told(event, words)}</title>
                </line>
            };
            Some(view.patched_fresh())
        };
        list(items.iter().filter_map(pin))
    });
    view! {
        <svg class="pins__lines" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">{lines}</svg>
    }
    .fresh()
}
