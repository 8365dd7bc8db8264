//! A panel's metrics over the last minutes: one line with its value beside the title, or several with a legend, the second of two drawn
//! downwards; and each series as a row where there are several.

use charts::{Chart, LineChart, LineSeries, Scale, nice_max};
use common::{
    metric::Unit,
    panel::{Axis, PanelLine},
};
use leptos::prelude::*;

use super::{
    later::later,
    panel_feed::{PanelFeed, time_axis, time_axis_end},
    words::OverviewWords,
};
use crate::{
    format,
    i18n::Words,
    live::{Clock, Derived, limits},
    widgets::{
        Card, ChartBox, ErasedView, IntoErasedView, LegendItem, Preferences, Tools, either, empty, left_out,
        legend, text, when,
    },
};

#[component]
pub(super) fn TrendCard(of: PanelFeed) -> impl IntoView {
    let (words, own, span) = (Words::here(), OverviewWords::here(), Preferences::here().span);
    let PanelFeed { host, panel, title, tap, .. } = of;
    let unit = of.unit();
    let tools = Tools::new(panel.id, unit, chart(of));
    let sub = move || summary(of, time_axis_end(of.points, tap.switch) - span.get().ms() as f64);
    let label = Derived::new(move || {
        let now: Vec<String> = if of.is_single() {
            let now = of.value(0).map_or_else(|| words.no_value.to_owned(), |now| format::full(now, unit));
            vec![now, sub()]
        } else {
            let told =
                |(index, line): (usize, &PanelLine)| [of.name(line.metric), " ", &of.told(index)].concat();
            panel.lines.iter().enumerate().map(told).collect()
        };
        [&(own.trend_label)(title, span.get().name(words)), ": ", &now.join(", ")].concat()
    });
    let aside = if of.is_single() {
        let level = move || {
            let alarm = host.vitals().with(|vitals| vitals.alarm(panel)).filter(|_| tap.switch.on.get());
            alarm.map_or("none", |alarm| alarm.name())
        };
        view! {
            {(!panel.share_of.is_empty()).then(|| which(of, "card__unit"))}
            <span class="card__value number" data-testid="value" data-level=text(level)>
                {text(move || of.told(0))}
            </span>
            <span class="card__sub number">{text(sub)}</span>
        }
        .erase()
    } else {
        let only = move || match of.instances(0).as_slice() {
            [one] => one.0.clone(),
            _ => String::new(),
        };
        view! { <span class="card__unit">{text(only)}</span> }.erase()
    };
    let is_empty = move || !of.empty().is_empty() && tap.samples().system.is_some() && of.value(0).is_none();
    let body = move || {
        let (class, size, narrow) = if of.is_single() {
            ("plot--trend", (342, 148), (302, 148))
        } else {
            ("plot--rates", (542, 160), (302, 160))
        };
        view! {
            {(!of.is_single()).then(|| legend(tools, items(of)))}
            <ChartBox tools label class size narrow />
            {when(move || of.instances(0).len() > 1, move || later(move |bodies| (bodies.instances)(of)).erase())}
            {left_out(move || of.left_out())}
        }
        .erase()
    };
    view! {
        <Card id=panel.id title switch=tap.switch tools=tools aside>
            {either(is_empty, move || empty(of.empty()), body)}
        </Card>
    }
    .erase()
}

/// Names the instance whose share a panel shows.
pub(super) fn which(of: PanelFeed, class: &'static str) -> ErasedView {
    let name = move || of.shared_by().unwrap_or_default();
    view! { <span class=class title=of.hint()>{text(name)}</span> }.erase()
}

/// The end of the axis is so many times the highest value at least.
const HEADROOM: f64 = 1.05;

fn chart(of: PanelFeed) -> Derived<Chart> {
    let PanelFeed { host, panel, title, tap, points, thresholds, .. } = of;
    let (clock, span, unit) = (Clock::here(), Preferences::here().span, of.unit());
    let gap_ms = host.gap_ms(panel.tier);
    Derived::new(move || {
        let axis = time_axis(time_axis_end(points, tap.switch), span.get(), clock.zone());
        let series = points.get().into_iter().zip(panel.lines).map(|(points, line)| LineSeries {
            name: (if of.is_single() { title } else { of.name(line.metric) }).to_owned(),
            points,
            area: true,
            color: line.color,
            down: line.down,
        });
        let scale = match unit {
            Unit::Percent => Scale::Percent,
            Unit::Bytes => Scale::Iec,
            _ => Scale::Si,
        };
        let mut line = LineChart { series: series.collect(), scale, gap_ms, ..axis };
        let max = match panel.axis {
            Axis::To(end) => end,
            // A little above the highest.
            Axis::AtLeast(least) => nice_max((line.axis_max() * HEADROOM).max(least), scale),
        };
        line.max = Some(max);
        if unit == Unit::Percent {
            line.thresholds = limits(thresholds);
        } else {
            line.ticks = [0.0, max / 2.0, max].map(|value| (value, format::tick(value, unit))).to_vec();
        }
        Chart::Line(line)
    })
}

fn items(of: PanelFeed) -> Vec<LegendItem> {
    let item = |(index, line): (usize, &PanelLine)| LegendItem {
        name: of.name(line.metric),
        color: line.color,
        value: Some(Derived::new(move || of.told(index))),
    };
    of.panel.lines.iter().enumerate().map(item).collect()
}

/// Mean and highest since `from`.
fn summary(of: PanelFeed, from: f64) -> String {
    let (words, unit) = (Words::here(), of.unit());
    let (count, sum, peak) = of.points.with(|points| {
        let values = points.iter().flatten().filter(|point| point.0 >= from).filter_map(|point| point.1);
        values.fold((0.0, 0.0, 0.0), |(count, sum, peak), value| {
            (count + 1.0, sum + value, f64::max(peak, value))
        })
    });
    if count == 0.0 {
        return String::new();
    }
    let [average, peak] = [sum / count, peak].map(|value| format::full(value, unit));
    [OverviewWords::here().average, " ", &average, " · ", words.peak, " ", &peak].concat()
}
