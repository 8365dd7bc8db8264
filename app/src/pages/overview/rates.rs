//! Two directions of a flow: in and out of the network, from and to the disks. The sum as a trend, the second direction drawn downwards,
//! and each device as a row where there are several.

use charts::{Chart, LineChart, LineSeries, Scale, nice_max};
use common::series::Unit;
use leptos::prelude::*;

use super::share::{SharePoints, axis_end, time_axis};
use crate::{
    format,
    i18n::{Pick, Words},
    live::{CardFeed, Clock, Derived, LiveHost, Trend, hold_points},
    widgets::{
        Card, ChartBox, ErasedView, IntoErasedView, LegendItem, Preferences, Tools, TrendRange, either,
        empty, left_out, legend, list, live, text, when,
    },
};

/// One direction: its trend and its name.
#[derive(Clone, Copy)]
struct Direction(Trend, Pick);

/// The parts that differ between network and disks.
#[derive(Clone, Copy)]
pub(super) struct Flow {
    id: &'static str,
    title: Pick,
    device: Pick,
    none: Pick,
    directions: [Direction; 2],
    /// Its colour, which means the same in every chart of the page.
    pub(super) color: usize,
}

pub(super) const NETWORK: Flow = Flow {
    id: "network",
    title: |w| w.network,
    device: |w| w.interface,
    none: |w| w.no_network,
    directions: [Direction(Trend::RECEIVED, |w| w.received), Direction(Trend::SENT, |w| w.sent)],
    color: 4,
};

pub(super) const DISKS: Flow = Flow {
    id: "disk-io",
    title: |w| w.disk_io,
    device: |w| w.device,
    none: |w| w.no_disks,
    directions: [Direction(Trend::READ, |w| w.read), Direction(Trend::WRITTEN, |w| w.written)],
    color: 2,
};

/// A flow of one host.
#[derive(Clone, Copy)]
pub(super) struct LiveFlow {
    pub(super) flow: Flow,
    pub(super) tap: CardFeed,
    pub(super) points: Memo<Vec<SharePoints>>,
}

impl LiveFlow {
    pub(super) fn new(host: LiveHost, flow: Flow) -> Self {
        let tap = host.system_feed();
        let points = hold_points(tap.switch.on, move || {
            let rates = host.past().rates;
            let points =
                |Direction(trend, _)| rates.with(|ring| ring.points(trend, TrendRange::FiveMinutes.ms()));
            flow.directions.map(points).into()
        });
        Self { flow, tap, points }
    }

    /// Returns the present rate of a direction, all devices together; tracked.
    pub(super) fn rate(self, direction: usize) -> String {
        let total = self.tap.samples().total(self.flow.directions[direction].0.series);
        total.map_or_else(|| "–".to_owned(), |total| format::full(total, Unit::BytesPerSecond))
    }

    fn devices(self) -> Vec<(String, f64)> {
        self.tap.samples().instances(self.flow.directions[0].0.series)
    }
}

#[component]
pub(super) fn FlowCard(host: LiveHost, of: LiveFlow) -> impl IntoView {
    let LiveFlow { flow, tap, points } = of;
    let (words, clock, span) = (Words::here(), Clock::here(), Preferences::here().span);
    let [_, gap_ms] = host.gaps_ms();
    let chart = Derived::new(move || {
        let axis = time_axis(axis_end(points, tap.switch), span.get(), clock.zone());
        let lines = points.get().into_iter().zip(flow.directions);
        let series = lines.enumerate().map(|(index, (points, Direction(_, name)))| LineSeries {
            name: name(words).to_owned(),
            points,
            area: true,
            color: flow.color,
            down: index == 1,
        });
        let mut line = LineChart { series: series.collect(), scale: Scale::Si, gap_ms, ..axis };
        // A little above the highest; and below a kilobyte a second the axis would make mountains of noise.
        let max = nice_max((line.axis_max() * HEADROOM).max(1000.0), Scale::Si);
        line.max = Some(max);
        let tick = |value| (value, format::tick(value, Unit::BytesPerSecond));
        line.ticks = [0.0, max / 2.0, max].map(tick).to_vec();
        Chart::Line(line)
    });
    let title = (flow.title)(words);
    let tools = Tools::new(flow.id, Unit::BytesPerSecond, chart);
    let item = |index: usize| LegendItem {
        name: (flow.directions[index].1)(words),
        color: flow.color,
        value: Some(Derived::new(move || of.rate(index))),
    };
    let items = vec![item(0), item(1)];
    let label = Derived::new(move || {
        let shown = (words.trend_label)(title, span.get().name(words));
        let told = |index: usize| [(flow.directions[index].1)(words), " ", &of.rate(index)].concat();
        [&shown, ": ", &told(0), ", ", &told(1)].concat()
    });
    let is_empty = move || tap.samples().system.is_some() && of.devices().is_empty();
    let only = move || match of.devices().as_slice() {
        [one] => one.0.clone(),
        _ => String::new(),
    };
    let body = move || {
        view! {
            {legend(tools, items.clone())}
            <ChartBox tools label class="plot--rates" size=(542, 160) narrow=(302, 160) />
            {when(move || of.devices().len() > 1, move || devices(of))}
            {left_out(move || of.tap.samples().left_out(of.flow.directions[0].0.series))}
        }
        .erase()
    };
    let aside = view! { <span class="card__unit">{text(only)}</span> };
    view! {
        <Card id=flow.id title switch=tap.switch tools=tools aside=aside.erase()>
            {either(is_empty, move || empty((flow.none)(words)), body)}
        </Card>
    }
    .erase()
}

/// The end of the axis is so many times the highest value at least.
const HEADROOM: f64 = 1.05;

fn devices(of: LiveFlow) -> ErasedView {
    let words = Words::here();
    let [first, second] = of.flow.directions;
    let rows = move || {
        let samples = of.tap.samples();
        let outs = samples.instances(second.0.series);
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
        list(of.devices().into_iter().map(row))
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{(of.flow.device)(words)}</th>
                    <th scope="col">{(first.1)(words)}</th>
                    <th scope="col">{(second.1)(words)}</th>
                </tr>
            </thead>
            <tbody>{live(rows)}</tbody>
        </table>
    }
    .erase()
}
