//! Two directions of a flow: in and out of the network, from and to the disks. The sum as a trend, each device as a row.

use charts::{Chart, LineChart, LineSeries, Scale, ticks};
use common::series::{Unit, id};
use leptos::prelude::*;

use super::trend::time_axis;
use crate::{
    format,
    live::{Clock, LiveHost, Samples, Trend, hold_while},
    widgets::{Card, ChartBox, Empty, Legend, Preferences, Span, Tools},
    words::{Pick, Tongue, t},
};

/// Two points farther apart were not measured in a row.
const GAP_MS: f64 = 7000.0;

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
    view! { <FlowCard host flow=NETWORK /> }
}

#[component]
pub(super) fn DiskActivityCard(host: LiveHost) -> impl IntoView {
    view! { <FlowCard host flow=DISKS /> }
}

#[component]
fn FlowCard(host: LiveHost, flow: Flow) -> impl IntoView {
    let (tap, tongue, clock) = (host.tap_system(), Tongue::here(), Clock::here());
    let span = Preferences::here().span;
    let points = hold_while(tap.switch.on, move || {
        flow.directions
            .map(|Direction(trend, _)| host.with_rates(|ring| ring.points(trend, Span::FiveMinutes.ms())))
    });
    let names = Memo::new(move |_| {
        flow.directions.map(|Direction(_, name)| name(tongue.words()).to_owned()).to_vec()
    });
    let chart = Signal::derive(move || {
        let newest = points.with(|points| points[0].last().map_or(0.0, |point| point.0));
        let lines = points.get().into_iter().zip(names.get()).zip(flow.colors);
        let series =
            lines.map(|((points, name), color)| LineSeries { name, points, area: color == 0, color });
        let mut line = LineChart {
            series: series.collect(),
            scale: Scale::Si,
            gap_ms: GAP_MS,
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
    let tools = Tools::new(flow.id, Unit::BytesPerSecond, chart);
    let sums = move |Direction(trend, _): Direction| {
        Memo::new(move |_| tap.value.with(|samples| sum(samples, trend.series)))
    };
    let figure = move |direction: Direction| {
        let sum = sums(direction);
        view! {
            <div class="flow__figure">
                <dt>{t(direction.1)}</dt>
                <dd class="number" data-testid="value">
                    {move || sum.get().map_or_else(|| "–".to_owned(), |sum| format::full(sum, Unit::BytesPerSecond))}
                </dd>
            </div>
        }
    };
    let label = Signal::derive(move || {
        let words = tongue.words();
        (words.trend_label)((flow.title)(words), span.get().name(words))
    });
    let is_empty = Memo::new(move |_| {
        tap.value.with(|samples| {
            samples.system.is_some() && samples.instances(flow.directions[0].0.series).is_empty()
        })
    });
    view! {
        <Card id=flow.id title=flow.title switch=tap.switch tools=tools>
            <dl class="flow">{flow.directions.map(figure).into_iter().collect_view()}</dl>
            <Show when=move || !is_empty.get() fallback=move || view! { <Empty text=flow.none /> }>
                <Legend tools names />
                <ChartBox tools label class="plot--rates" size=(470, 180) narrow=(302, 180) />
                <Devices flow value=tap.value />
            </Show>
        </Card>
    }
    .into_any()
}

#[component]
fn Devices(flow: Flow, value: Memo<Samples>) -> impl IntoView {
    let [first, second] = flow.directions;
    let rows = move || {
        let (ins, outs) =
            value.with(|samples| (samples.instances(first.0.series), samples.instances(second.0.series)));
        let row = |(name, inward): (String, f64)| {
            let outward = outs.iter().find(|out| out.0 == name).map(|out| out.1);
            let text = |rate: Option<f64>| rate.map(|rate| format::full(rate, Unit::BytesPerSecond));
            view! {
                <tr>
                    <th scope="row" class="table__name" title=name.clone()>{name.clone()}</th>
                    <td class="number">{text(Some(inward))}</td>
                    <td class="number">{text(outward)}</td>
                </tr>
            }
        };
        ins.into_iter().map(row).collect_view()
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t(flow.device)}</th>
                    <th scope="col">{t(first.1)}</th>
                    <th scope="col">{t(second.1)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// All devices but the loopback, whose traffic never leaves the machine.
fn sum(samples: &Samples, series: &str) -> Option<f64> {
    let all = samples.instances(series);
    let is_loopback = |name: &str| series.starts_with(NETWORK_PREFIX) && name == "lo";
    all.iter()
        .filter(|(name, _)| !is_loopback(name))
        .fold(None, |sum, (_, value)| Some(sum.unwrap_or(0.0) + value))
}

const NETWORK_PREFIX: &str = id::NETWORK_RECEIVED.split_at(8).0;
