//! A share of a whole over the last minutes, as its tile and its card both show it: what is turned off is turned off in both.

use charts::LineChart;
use leptos::prelude::*;

use crate::{
    format,
    i18n::Pick,
    live::{CardFeed, LiveHost, LocalZone, Switch, Trend, Vital, hold_points},
    widgets::TrendRange,
};

/// The points of a trend.
pub(super) type SharePoints = Vec<(f64, Option<f64>)>;

/// The parts that differ between CPU, memory and disk.
#[derive(Clone, Copy)]
pub(super) struct Share {
    pub(super) id: &'static str,
    pub(super) title: Pick,
    pub(super) vital: Vital,
    pub(super) trend: Trend,
    /// Its colour, which means the same in every chart of the page.
    pub(super) color: usize,
}

pub(super) const CPU: Share =
    Share { id: "cpu", title: |w| w.cpu, vital: Vital::Cpu, trend: Trend::CPU, color: 0 };
pub(super) const MEMORY: Share =
    Share { id: "memory", title: |w| w.memory, vital: Vital::Memory, trend: Trend::MEMORY, color: 1 };
pub(super) const DISK: Share =
    Share { id: "disk", title: |w| w.disk, vital: Vital::Disk, trend: Trend::DISK, color: 2 };

/// A share of one host.
#[derive(Clone, Copy)]
pub(super) struct LiveShare {
    pub(super) share: Share,
    pub(super) tap: CardFeed,
    pub(super) points: Memo<Vec<SharePoints>>,
}

impl LiveShare {
    pub(super) fn new(host: LiveHost, share: Share) -> Self {
        let tap = host.metrics_feed();
        let points = hold_points(tap.switch.on, move || {
            vec![host.past().shares.with(|ring| ring.points(share.trend, TrendRange::FiveMinutes.ms()))]
        });
        Self { share, tap, points }
    }

    /// Its newest value, tracked.
    pub(super) fn value(self) -> Option<f64> {
        self.tap.samples().value(self.share.trend.series)
    }
}

/// Returns the end of a time axis: the newest point, or now if due values do not come, so that the gap is visible.
pub(super) fn axis_end(points: Memo<Vec<SharePoints>>, switch: Switch) -> f64 {
    let newest = points.with(|points| points[0].last().map_or(0.0, |point| point.0));
    newest + switch.silence_ms() as f64
}

/// Room for the longest label of any value axis, so that all charts of the page begin at one place.
const GUTTER: f64 = 64.0;

/// The last `span` before `to_ms`, labelled in the reader's zone.
pub(super) fn time_axis(to_ms: f64, span: TrendRange, zone: LocalZone) -> LineChart {
    let from_ms = to_ms - span.ms() as f64;
    let step = match span {
        TrendRange::OneMinute => 15_000.0,
        TrendRange::FiveMinutes => 60_000.0,
    };
    let first = (from_ms / step).ceil() * step;
    let ticks = (0..8).map(|index| first + f64::from(index) * step).filter(|at| *at <= to_ms && *at > 0.0);
    let x_ticks = ticks.map(|at| (at, format::clock(at as u64, &zone))).collect();
    LineChart { from_ms, to_ms, x_ticks, gutter: GUTTER, ..Default::default() }
}
