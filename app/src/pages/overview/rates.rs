//! Two directions of a flow: in and out of the network, from and to the disks. The sum as a trend, each device as a row.

use charts::{Chart, LineChart, LineSeries, Scale, ticks};
use common::series::Unit;
use leptos::prelude::*;

use super::trend::time_axis;
use crate::{
    format,
    live::{Clock, Derived, LiveHost, Tap, Trend, hold_points},
    widgets::{
        Card, ChartBox, IntoPart, Part, Preferences, Span, Tools, either, empty, left_out, legend, list,
        live, text,
    },
    words::{Pick, Words},
};

/// One direction: its trend and its name.
#[derive(Clone, Copy)]
struct Direction(Trend, Pick);

/// What differs between network and disks.
#[derive(Clone, Copy)]
struct Flow {
    id: &'static str,
    title: Pick,
    device: Pick,
    none: Pick,
    directions: [Direction; 2],
    colors: [usize; 2],
}

const NETWORK: Flow = Flow {
    id: "network",
    title: |w| w.network,
    device: |w| w.interface,
    none: |w| w.no_network,
    directions: [Direction(Trend::RECEIVED, |w| w.received), Direction(Trend::SENT, |w| w.sent)],
    colors: [0, 1],
};

const DISKS: Flow = Flow {
    id: "disk-io",
    title: |w| w.disk_io,
    device: |w| w.device,
    none: |w| w.no_disks,
    directions: [Direction(Trend::READ, |w| w.read), Direction(Trend::WRITTEN, |w| w.written)],
    colors: [0, 1],
};

#[component]
pub(super) fn NetworkCard(host: LiveHost) -> impl IntoView {
    flow_card(host, NETWORK)
}

#[component]
pub(super) fn DiskActivityCard(host: LiveHost) -> impl IntoView {
    flow_card(host, DISKS)
}

fn flow_card(host: LiveHost, flow: Flow) -> Part {
    let (tap, words, clock) = (host.tap_system(), Words::here(), Clock::here());
    let span = Preferences::here().span;
    let [_, gap_ms] = host.gaps_ms();
    let points = hold_points(tap.switch.on, move || {
        let rates = host.past().rates;
        let points = |Direction(trend, _)| rates.with(|ring| ring.points(trend, Span::FiveMinutes.ms()));
        flow.directions.map(points).into()
    });
    let names = move || flow.directions.map(|Direction(_, name)| name(words).to_owned()).to_vec();
    let chart = Derived::new(move || {
        let newest = points.with(|points| points[0].last().map_or(0.0, |point| point.0));
        let lines = points.get().into_iter().zip(names()).zip(flow.colors);
        let series =
            lines.map(|((points, name), color)| LineSeries { name, points, area: color == 0, color });
        let mut line = LineChart {
            series: series.collect(),
            scale: Scale::Si,
            gap_ms,
            ..time_axis(newest, span.get(), clock.zone())
        };
        // Below a kilobyte a second the axis would make mountains of noise.
        let max = line.axis_max().max(1000.0);
        line.max = Some(max);
        line.ticks = ticks(max, 4, Scale::Si)
            .into_iter()
            .map(|value| (value, format::tick(value, Unit::BytesPerSecond)))
            .collect();
        Chart::Line(line)
    });
    let title = (flow.title)(words);
    let tools = Tools::new(flow.id, Unit::BytesPerSecond, chart);
    let figure = move |Direction(trend, name): Direction| {
        let total = move || {
            let total = tap.samples().total(trend.series);
            total.map_or_else(|| "–".to_owned(), |total| format::full(total, Unit::BytesPerSecond))
        };
        view! {
            <div class="flow__figure">
                <dt>{name(words)}</dt>
                <dd class="number" data-testid="value">{text(total)}</dd>
            </div>
        }
        .part()
    };
    let label = Derived::new(move || (words.trend_label)(title, span.get().name(words)));
    let is_empty = move || {
        let samples = tap.samples();
        samples.system.is_some() && samples.instances(flow.directions[0].0.series).is_empty()
    };
    let body = move || {
        view! {
            {legend(tools, names())}
            <ChartBox tools label class="plot--rates" size=(470, 180) narrow=(302, 180) />
            {devices(flow, tap)}
        }
        .part()
    };
    view! {
        <Card id=flow.id title switch=tap.switch tools=tools>
            <dl class="flow">{list(flow.directions.map(figure))}</dl>
            {either(is_empty, move || empty((flow.none)(words)), body)}
        </Card>
    }
    .part()
}

fn devices(flow: Flow, tap: Tap) -> Part {
    let words = Words::here();
    let [first, second] = flow.directions;
    let rows = move || {
        let samples = tap.samples();
        let (ins, outs) = (samples.instances(first.0.series), samples.instances(second.0.series));
        let row = |(name, inward): (String, f64)| {
            let outward = outs.iter().find(|out| out.0 == name).map(|out| out.1);
            let text = |rate: Option<f64>| {
                rate.map(|rate| format::full(rate, Unit::BytesPerSecond)).unwrap_or_default()
            };
            view! {
                <tr>
                    <th scope="row" class="table__name" title=name.clone()>{name.clone()}</th>
                    <td class="number">{text(Some(inward))}</td>
                    <td class="number">{text(outward)}</td>
                </tr>
            }
            .patched()
        };
        list(ins.into_iter().map(row))
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{(flow.device)(words)}</th>
                    <th scope="col">{(first.1)(words)}</th>
                    <th scope="col">{(second.1)(words)}</th>
                </tr>
            </thead>
            <tbody>{live(rows)}</tbody>
        </table>
        {left_out(move || tap.samples().left_out(first.0.series))}
    }
    .part()
}
