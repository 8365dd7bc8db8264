//! One share over the last minutes.

use charts::{Chart, LineChart, LineSeries};
use common::series::Unit;
use leptos::prelude::*;

use crate::{
    format,
    live::{Clock, Derived, LiveHost, LocalZone, Trend, hold_points},
    widgets::{Card, ChartBox, IntoPart, Preferences, Span, Tools, level_word, text, thresholds},
    words::Words,
};

#[component]
pub(super) fn TrendCard(
    host: LiveHost,
    trend: Trend,
    id: &'static str,
    title: &'static str,
    color: usize,
    /// The size the server draws for.
    #[prop(default = (298, 148))]
    size: (u32, u32),
) -> impl IntoView {
    let (tap, words, clock) = (host.tap_metrics(), Words::here(), Clock::here());
    let span = Preferences::here().span;
    let [gap_ms, _] = host.gaps_ms();
    let points = hold_points(tap.switch.on, move || {
        vec![host.past().shares.with(|ring| ring.points(trend, Span::FiveMinutes.ms()))]
    });
    let newest = move || points.with(|points| points[0].last().map_or(0.0, |point| point.0));
    let chart = Derived::new(move || {
        let line = time_axis(newest(), span.get(), clock.zone());
        let points = points.with(|points| points[0].clone());
        let series = vec![LineSeries { name: title.to_owned(), points, area: true, color }];
        Chart::Line(LineChart { series, max: Some(100.0), thresholds: thresholds(), gap_ms, ..line })
    });
    let tools = Tools::new(id, Unit::Percent, chart);
    let value = move || tap.samples().value(trend.series);
    let percent = |value| format::full(value, Unit::Percent);
    let sub = move || {
        let from = newest() - span.get().ms() as f64;
        points.with(|points| summary(&points[0], from)).map_or_else(String::new, |(average, peak)| {
            [words.average, " ", &percent(average), " · ", words.peak, " ", &percent(peak)].concat()
        })
    };
    let label = Derived::new(move || {
        let now = value().map_or_else(|| words.no_value.to_owned(), percent);
        let shown = (words.trend_label)(title, span.get().name(words));
        [&shown, ": ", &now, ", ", &sub()].concat()
    });
    let number = move || value().map_or_else(|| "–".to_owned(), |value| format::fixed(value, 1));
    let unit = move || if value().is_some() { "%" } else { "" };
    let level = move || value().and_then(|value| level_word(value, words)).unwrap_or(("none", ""));
    view! {
        <Card id title switch=tap.switch tools=tools>
            <div class="reading">
                <p class="reading__value number" data-testid="value">
                    {text(number)} <span class="reading__unit">{text(unit)}</span>
                </p>
                <p class="reading__level" data-level=text(move || level().0)>{text(move || level().1)}</p>
                <p class="reading__sub number">{text(sub)}</p>
            </div>
            <ChartBox tools label class="plot--trend" size=size narrow=(302, 148) />
        </Card>
    }
    .part()
}

/// Mean and highest since `from`.
fn summary(points: &[(f64, Option<f64>)], from: f64) -> Option<(f64, f64)> {
    let values = points.iter().filter(|point| point.0 >= from).filter_map(|point| point.1);
    let (count, sum, peak) = values
        .fold((0.0, 0.0, 0.0), |(count, sum, peak), value| (count + 1.0, sum + value, f64::max(peak, value)));
    (count > 0.0).then(|| (sum / count, peak))
}

/// The last `span` before `to_ms`, labelled in the reader's zone.
pub(super) fn time_axis(to_ms: f64, span: Span, zone: LocalZone) -> LineChart {
    let from_ms = to_ms - span.ms() as f64;
    let step = match span {
        Span::OneMinute => 15_000.0,
        Span::FiveMinutes => 60_000.0,
    };
    let first = (from_ms / step).ceil() * step;
    let ticks = (0..8).map(|index| first + f64::from(index) * step).filter(|at| *at <= to_ms && *at > 0.0);
    let told = |at: f64| {
        let clock = format::clock(at as u64, &zone);
        if span == Span::OneMinute { clock } else { clock[..5].to_owned() }
    };
    LineChart { from_ms, to_ms, x_ticks: ticks.map(|at| (at, told(at))).collect(), ..Default::default() }
}
