//! One share over the last minutes.

use charts::{Chart, LineChart, LineSeries};
use common::series::{Unit, id};
use leptos::prelude::*;

use super::share::{LiveShare, axis_end, time_axis};
use crate::{
    format,
    i18n::Words,
    live::{Clock, Derived, LiveHost, Samples, Vital},
    widgets::{Card, ChartBox, IntoErasedView, Preferences, Tools, text, thresholds},
};

#[component]
pub(super) fn TrendCard(host: LiveHost, of: LiveShare) -> impl IntoView {
    let (words, clock, span) = (Words::here(), Clock::here(), Preferences::here().span);
    let LiveShare { share, tap, points } = of;
    let (title, color) = ((share.title)(words), share.color);
    let [gap_ms, _] = host.gaps_ms();
    let end = move || axis_end(points, tap.switch);
    let chart = Derived::new(move || {
        let line = time_axis(end(), span.get(), clock.zone());
        let points = points.with(|points| points[0].clone());
        let series = vec![LineSeries { name: title.to_owned(), points, area: true, color, down: false }];
        Chart::Line(LineChart { series, max: Some(100.0), thresholds: thresholds(), gap_ms, ..line })
    });
    let tools = Tools::new(share.id, Unit::Percent, chart);
    let percent = |value| format::full(value, Unit::Percent);
    let now = move || of.value().map_or_else(|| "–".to_owned(), percent);
    let sub = move || {
        let from = end() - span.get().ms() as f64;
        points.with(|points| summary(&points[0], from)).map_or_else(String::new, |(average, peak)| {
            [words.average, " ", &percent(average), " · ", words.peak, " ", &percent(peak)].concat()
        })
    };
    let label = Derived::new(move || {
        let now = of.value().map_or_else(|| words.no_value.to_owned(), percent);
        let shown = (words.trend_label)(title, span.get().name(words));
        [&shown, ": ", &now, ", ", &sub()].concat()
    });
    let level = move || {
        let alarm = host.vitals().with(|vitals| vitals.alarm(share.vital)).filter(|_| tap.switch.on.get());
        alarm.map_or("none", |alarm| alarm.name())
    };
    let which = (share.vital == Vital::Disk).then(|| {
        let mount = move || fullest(&tap.samples()).unwrap_or_default();
        view! { <span class="card__unit" title=words.disk_hint>{text(mount)}</span> }.erase()
    });
    let aside = view! {
        {which}
        <span class="card__value number" data-testid="value" data-level=text(level)>{text(now)}</span>
        <span class="card__sub number">{text(sub)}</span>
    };
    view! {
        <Card id=share.id title switch=tap.switch tools=tools aside=aside.erase()>
            <ChartBox tools label class="plot--trend" size=(342, 148) narrow=(302, 148) />
        </Card>
    }
    .erase()
}

/// Returns the mount point of the fullest disk, whose share is shown.
pub(super) fn fullest(samples: &Samples) -> Option<String> {
    let told = samples.value(id::DISK_PERCENT)?;
    let totals = samples.instances(id::FILESYSTEM_TOTAL);
    let share = |(mount, used): (String, f64)| {
        let total = totals.iter().find(|total| total.0 == mount)?.1;
        Some(((100.0 * used / total - told).abs(), mount))
    };
    let shares = samples.instances(id::FILESYSTEM_USED).into_iter().filter_map(share);
    shares.filter(|share| share.0 < 1.0).min_by(|a, b| a.0.total_cmp(&b.0)).map(|share| share.1)
}

/// Mean and highest since `from`.
fn summary(points: &[(f64, Option<f64>)], from: f64) -> Option<(f64, f64)> {
    let values = points.iter().filter(|point| point.0 >= from).filter_map(|point| point.1);
    let (count, sum, peak) = values
        .fold((0.0, 0.0, 0.0), |(count, sum, peak), value| (count + 1.0, sum + value, f64::max(peak, value)));
    (count > 0.0).then(|| (sum / count, peak))
}
