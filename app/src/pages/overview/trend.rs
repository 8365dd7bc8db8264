//! One share over the last minutes.

use charts::{Chart, LineChart, LineSeries};
use common::series::Unit;
use leptos::prelude::*;

use crate::{
    format,
    live::{Clock, LiveHost, Trend, hold_while},
    widgets::{Card, ChartBox, Preferences, Reading, Span, Tools, level_word, thresholds},
    words::{Pick, Tongue},
};

/// Two points farther apart were not measured in a row.
const GAP_MS: f64 = 3000.0;

#[component]
pub(super) fn TrendCard(
    host: LiveHost,
    trend: Trend,
    id: &'static str,
    title: Pick,
    color: usize,
    /// The size the server draws for.
    #[prop(default = (298, 148))]
    size: (u32, u32),
) -> impl IntoView {
    let (tap, tongue, clock) = (host.tap_metrics(), Tongue::here(), Clock::here());
    let span = Preferences::here().span;
    let points =
        hold_while(tap.switch.on, move || host.with_ring(|ring| ring.points(trend, Span::FiveMinutes.ms())));
    let chart = Signal::derive(move || {
        let name = title(tongue.words()).to_owned();
        let points = points.get();
        let line = time_axis(points.last().map_or(0.0, |point| point.0), span.get(), clock.zone());
        let series = vec![LineSeries { name, points, area: true, color }];
        Chart::Line(LineChart { series, max: Some(100.0), thresholds: thresholds(), gap_ms: GAP_MS, ..line })
    });
    let tools = Tools::new(trend.series, Unit::Percent, chart);
    let value = Memo::new(move |_| tap.value.with(|samples| samples.value(trend.series)));
    let sub = Signal::derive(move || {
        let words = tongue.words();
        let from = points.with(|points| points.last().map_or(0.0, |point| point.0)) - span.get().ms() as f64;
        points.with(|points| summary(points, from)).map_or_else(String::new, |(average, peak)| {
            let figure = |value| format::full(value, Unit::Percent);
            [words.average, " ", &figure(average), " · ", words.peak, " ", &figure(peak)].concat()
        })
    });
    let label = Signal::derive(move || {
        let words = tongue.words();
        let now =
            value.get().map_or_else(|| words.no_value.to_owned(), |value| format::full(value, Unit::Percent));
        let shown = (words.trend_label)(title(words), span.get().name(words));
        [&shown, ": ", &now, ", ", &sub.get()].concat()
    });
    view! {
        <Card id title switch=tap.switch tools=tools>
            <Reading
                value=Signal::derive(move || value.get().map(|value| format::parts(value, Unit::Percent)))
                sub
                level=Signal::derive(move || value.get().and_then(|value| level_word(value, tongue.words())))
            />
            <ChartBox tools label class="plot--trend" size=size narrow=(302, 148) />
        </Card>
    }
}

/// Mean and highest since `from`.
fn summary(points: &[(f64, Option<f64>)], from: f64) -> Option<(f64, f64)> {
    let values = points.iter().filter(|point| point.0 >= from).filter_map(|point| point.1);
    let (count, sum, peak) = values
        .fold((0.0, 0.0, 0.0), |(count, sum, peak), value| (count + 1.0, sum + value, f64::max(peak, value)));
    (count > 0.0).then(|| (sum / count, peak))
}

/// The last `span` before `to_ms`, labelled in the reader's zone.
pub(super) fn time_axis(to_ms: f64, span: Span, zone: i32) -> LineChart {
    let from_ms = to_ms - span.ms() as f64;
    let step = match span {
        Span::OneMinute => 15_000.0,
        Span::FiveMinutes => 60_000.0,
    };
    let first = (from_ms / step).ceil() * step;
    let ticks = (0..8).map(|index| first + f64::from(index) * step).filter(|at| *at <= to_ms && *at > 0.0);
    let told = |at: f64| {
        let clock = format::clock(at as u64, zone);
        if span == Span::OneMinute { clock } else { clock[..5].to_owned() }
    };
    LineChart { from_ms, to_ms, x_ticks: ticks.map(|at| (at, told(at))).collect(), ..Default::default() }
}
