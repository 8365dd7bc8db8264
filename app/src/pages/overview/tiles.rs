//! The strip on top: what is read from across the room. Each value large, with its last minutes and the worst that was seen.

use common::panel::Axis;
use leptos::prelude::*;

use super::{
    panel_feed::{LinePoints, PanelFeed},
    trend::which,
    words::OverviewWords,
};
use crate::{
    format,
    i18n::Words,
    live::{Clock, Derived, Peak},
    widgets::{ErasedView, IntoErasedView, TrendRange, fixed_list, spark, text},
};

pub(super) fn tiles(panels: &[PanelFeed]) -> ErasedView {
    let tiles = panels.iter().filter(|of| of.panel.tile).map(|of| tile(*of));
    view! { <ul class="tiles" aria-label=Words::here().now>{fixed_list(tiles)}</ul> }.erase()
}

/// One value, large.
fn value(of: PanelFeed) -> ErasedView {
    let parts = move || of.value(0).map(|value| format::parts(value, of.unit()));
    let number = move || parts().map_or_else(|| "–".to_owned(), |parts| parts.0);
    let unit = move || parts().map_or("", |parts| parts.1);
    view! {
        <p class="tile__value number" data-testid="value">
            {text(number)} <span class="tile__unit">{text(unit)}</span>
        </p>
    }
    .erase()
}

/// Several values, one below the other.
fn values(of: PanelFeed) -> ErasedView {
    let lines = of.panel.lines.iter().enumerate();
    let ways = lines.map(|(index, line)| {
        let name = of.name(line.metric);
        view! {
            <span class="tile__way" title=name>
                <span aria-hidden="true">{if line.down { "↑" } else { "↓" }}</span>
                <span class="sr-only">{name}</span>
                " "
                {text(move || of.told(index))}
            </span>
        }
        .erase()
    });
    view! { <p class="tile__ways number" data-testid="value">{fixed_list(ways)}</p> }.erase()
}

/// All lines together.
fn sum(lines: &[LinePoints]) -> LinePoints {
    let Some((first, rest)) = lines.split_first() else { return Vec::new() };
    let mut sum = first.clone();
    for line in rest {
        for (sum, point) in sum.iter_mut().zip(line) {
            sum.1 = sum.1.zip(point.1).map(|(one, other)| one + other);
        }
    }
    sum
}

fn tile(of: PanelFeed) -> ErasedView {
    let (words, own, clock) = (Words::here(), OverviewWords::here(), Clock::here());
    let (host, panel, switch, unit) = (of.host, of.panel, of.tap.switch, of.unit());
    let alarm = move || {
        host.vitals()
            .with(|vitals| vitals.alarm(panel))
            .filter(|_| switch.on.get() && switch.state.get().is_current())
    };
    let level = move || alarm().map_or("none", |alarm| alarm.name());
    let told = move || alarm().map(|alarm| alarm.told(words)).unwrap_or_default();
    let peak = move || host.vitals().with(|vitals| vitals.judged(panel)?.peak);
    let worst = move || {
        let told =
            |peak: Peak| (own.worst)(&format::full(peak.value, unit), &format::minute(peak.at, clock.zone()));
        peak().map(told).unwrap_or_default()
    };
    let since = move || {
        let since = peak().map(|peak| format::clock(peak.since, clock.zone())).unwrap_or_default();
        [words.since, " ", &since].concat()
    };
    let line = Derived::new(move || {
        let max = if let Axis::To(end) = panel.axis { Some(end) } else { None };
        of.points.with(|points| spark::path(&sum(points), TrendRange::FiveMinutes.ms(), max))
    });
    let color = panel.lines.first().map_or(0, |line| line.color);
    view! {
        <li
            class="tile"
            data-testid=["tile-", panel.id].concat()
            data-state=text(move || switch.state.get().name())
            data-level=text(level)
        >
            <p class="tile__head">
                <span class="tile__title">{of.title}</span>
                {(!panel.share_of.is_empty()).then(|| which(of, "tile__which"))}
                <span class="tile__level number">{text(told)}</span>
            </p>
            <div class="tile__body">
                {if of.is_single() { value(of) } else { values(of) }}
                {spark::spark(color, line)}
            </div>
            <p class="tile__worst number" title=text(since)>{text(worst)}</p>
        </li>
    }
    .erase()
}
