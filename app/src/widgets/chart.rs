//! A chart in its box. The server's picture stands there first; the canvas takes its place when it has painted, in a
//! box of the same size, so nothing moves. Pointing and arrow keys ask the chart itself what is where.

use charts::{Chart, Hit, LineChart};
use leptos::{ev, prelude::*, web_sys::HtmlCanvasElement};
use send_wrapper::SendWrapper;

use super::{
    erased_view::{IntoErasedView, flag, listen, text, when},
    tools::Tools,
    tooltip::{Tooltip, tooltip_box},
};
use crate::{
    first_paint, format,
    i18n::Words,
    live::{Cell, Clock, Derived, LocalZone, Stored, effect},
    ports::{Browser, ChartCanvas},
};

/// The moment pointed at, shared by all time charts of a page.
#[derive(Clone, Copy)]
pub(crate) struct Crosshair(Cell<Option<f64>>);

impl Crosshair {
    pub(crate) fn new() -> Self {
        Self(Cell::new(None))
    }

    /// Provides a crosshair for the page.
    pub(crate) fn provide() {
        provide_context(Self::new());
    }

    fn here() -> Self {
        expect_context()
    }
}

#[component]
pub(crate) fn ChartBox(
    /// The chart, and the tools of the card's menu.
    tools: Tools,
    /// Describes the chart in words.
    label: Derived<String>,
    /// For the stylesheet, which gives the box its height.
    class: &'static str,
    /// The size the server draws for: about the box's on a laptop.
    size: (u32, u32),
    /// The size on a phone: the box has another shape there.
    narrow: (u32, u32),
) -> impl IntoView {
    let chart = untrack(|| tools.chart.get());
    let picture = |(width, height)| first_paint::picture(&chart, width, height);
    let (wide, narrow) = (picture(size), picture(narrow));
    tools.label.set(Some(label));
    let pointed = Pointed::new(tools);
    paint(tools, pointed);
    let (words, clock) = (Words::here(), Clock::here());
    let tip = Derived::new(move || {
        let hit = pointed.hit()?;
        Some(Tooltip::of(&tools.chart.get(), &hit, tools.unit, words, clock.zone()))
    });
    let spoken = move || {
        let tip = if pointed.by_key.get() { tip.get() } else { None };
        tip.map(|tip| tip.spoken()).unwrap_or_default()
    };
    let plot = ["plot ", class].concat();
    let beside = plot.clone();
    let table = move || {
        let table = tools.table(label);
        view! { <div class=beside.clone()>{table}</div> }.fresh()
    };
    let empty = move || view! { <p class="plot__empty">{words.no_metrics}</p> }.erase();
    view! {
        <div class=plot hidden=flag(move || tools.as_table.get())>
            <div
                class="plot__paper"
                role="img"
                tabindex="0"
                aria-label=text(move || label.get())
                on:pointermove=listen(move |event| pointed.follow(event))
                on:pointerdown=listen(move |event| pointed.follow(event))
                on:pointerleave=listen(move |_| pointed.leave())
                on:blur=listen(move |_| pointed.leave())
                on:keydown=listen(move |event| pointed.step(event))
            >
                <canvas class="plot__canvas" node_ref=tools.canvas width="300" height="150"></canvas>
                <div class="plot__first plot__first--wide" inner_html=wide></div>
                <div class="plot__first plot__first--narrow" inner_html=narrow></div>
            </div>
            {when(move || has_nothing(&tools.chart.get()), empty)}
            {tooltip_box(tip, pointed.width)}
            <p class="sr-only" aria-live="polite">{text(spoken)}</p>
        </div>
        {when(move || tools.as_table.get(), table)}
    }
    .erase()
}

/// Room for the longest label of any value axis, so that all charts of a page begin at one place.
const GUTTER: f64 = 64.0;

/// The time from one moment to another, with a label in the reader's zone each `step`; all in milliseconds.
pub(crate) fn time_axis(from_ms: f64, to_ms: f64, step: f64, zone: LocalZone) -> LineChart {
    let first = (from_ms / step).ceil() * step;
    let ticks = (0..8).map(|index| first + f64::from(index) * step).filter(|at| *at <= to_ms && *at > 0.0);
    let x_ticks = ticks.map(|at| (at, format::clock(at as u64, &zone))).collect();
    LineChart { from_ms, to_ms, x_ticks, gutter: GUTTER, ..Default::default() }
}

/// Nothing has been measured yet.
fn has_nothing(chart: &Chart) -> bool {
    match chart {
        Chart::Bars(chart) => chart.bars.iter().all(|bar| bar.value.is_none()),
        Chart::Stacked(chart) => chart.bars.is_empty(),
        Chart::Line(chart) => chart.series.iter().all(|series| series.points.is_empty()),
        Chart::Spark(_) => false,
    }
}

/// Gives the canvas to the painter after mount, and the chart whenever it has changed.
fn paint(tools: Tools, pointed: Pointed) {
    let browser: Option<Browser> = use_context();
    let paper = Stored::new(None::<SendWrapper<Box<dyn ChartCanvas>>>);
    effect(move || {
        if let (Some(browser), Some(canvas)) = (&browser, tools.canvas.get::<HtmlCanvasElement>()) {
            let cared = SendWrapper::new(untrack(|| browser.canvases.canvas(canvas)));
            paper.set(Some(cared));
        }
    });
    effect(move || {
        tools.canvas.track();
        let mut chart = pointed.shown.get();
        if let (Chart::Line(line), Some(ms)) = (&mut chart, pointed.moment()) {
            line.cursor = Some(ms);
        }
        paper.with(|paper| {
            if let Some(paper) = paper {
                paper.show(chart);
            }
        });
    });
}

/// The position of the pointer in one chart.
#[derive(Clone, Copy)]
struct Pointed {
    tools: Tools,
    /// The chart with the one series that is seen alone.
    shown: Derived<Chart>,
    crosshair: Crosshair,
    /// The bar, in charts without a time axis.
    slot: Cell<Option<Hit>>,
    width: Cell<f64>,
    by_key: Cell<bool>,
}

impl Pointed {
    fn new(tools: Tools) -> Self {
        let (crosshair, slot) = (Crosshair::here(), Cell::new(None));
        let width = Cell::new(0.0);
        let shown = Derived::new(move || {
            let chart = tools.chart.get();
            match tools.alone.get() {
                Some(series) => alone(chart, series),
                None => chart,
            }
        });
        Self { tools, shown, crosshair, slot, width, by_key: Cell::new(false) }
    }

    /// Returns the item under the crosshair or the pointer, tracked.
    fn hit(self) -> Option<Hit> {
        let at = self.crosshair.0.get().map(|ms| (ms, self.shown.get()));
        match at {
            Some((ms, chart @ Chart::Line(_))) => moment_hit(&chart, ms, measured(self.tools, self.width)),
            _ => self.slot.get(),
        }
    }

    /// The measured moment under the crosshair, tracked.
    fn moment(self) -> Option<f64> {
        match self.hit() {
            Some(Hit::Moment { moment, .. }) => Some(moment.ms),
            _ => None,
        }
    }

    fn follow(self, event: &ev::PointerEvent) {
        self.by_key.set(false);
        let (width, height) = size(self.tools);
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let hit = untrack(|| self.shown.get()).hit(x, y, width, height);
        self.point(hit);
    }

    fn leave(self) {
        self.point(None);
    }

    /// Arrow keys go from point to point, Home and End to the ends, Esc away.
    fn step(self, event: &ev::KeyboardEvent) {
        let key = event.key();
        let forward = match key.as_str() {
            "ArrowRight" | "Home" => true,
            "ArrowLeft" | "End" => false,
            "Escape" => return self.leave(),
            _ => return,
        };
        event.prevent_default();
        self.by_key.set(true);
        let from = if matches!(key.as_str(), "Home" | "End") { None } else { untrack(|| self.hit()) };
        let (width, height) = size(self.tools);
        let next = next(&untrack(|| self.shown.get()), from, forward, (width, height));
        if next.is_some() {
            self.point(next);
        }
    }

    fn point(self, hit: Option<Hit>) {
        self.width.set(size(self.tools).0);
        match hit {
            Some(Hit::Moment { moment, .. }) => self.crosshair.0.set(Some(moment.ms)),
            slot => {
                self.crosshair.0.set(None);
                self.slot.set(slot);
            }
        }
    }
}

/// The chart with one series; the others keep their places and colours.
fn alone(chart: Chart, series: usize) -> Chart {
    match chart {
        Chart::Line(mut line) => {
            line.series = line.series.into_iter().skip(series).take(1).collect();
            Chart::Line(line)
        }
        Chart::Stacked(mut stacked) => {
            for bar in &mut stacked.bars {
                for (_, value) in bar.parts.iter_mut().enumerate().filter(|(part, _)| *part != series) {
                    *value = 0.0;
                }
            }
            Chart::Stacked(stacked)
        }
        other => other,
    }
}

fn moment_hit(chart: &Chart, ms: f64, width: f64) -> Option<Hit> {
    let Chart::Line(line) = chart else { return None };
    let moment = line.nearest(ms)?;
    let x = line.ms_to_x(moment.ms, width)?;
    Some(Hit::Moment { moment, x })
}

fn next(chart: &Chart, from: Option<Hit>, forward: bool, (width, height): (f64, f64)) -> Option<Hit> {
    if let Chart::Line(line) = chart {
        let from = match from {
            Some(Hit::Moment { moment, .. }) => moment.ms,
            // The newest point first, unless Home asks for the oldest.
            _ if forward => f64::MIN,
            _ => f64::MAX,
        };
        return moment_hit(chart, line.step(from, forward)?.ms, width);
    }
    // The chart knows what is at a place; the next bar is the next place with another answer.
    let here = match from {
        Some(Hit::Slot { x, .. }) => x,
        _ if forward => 0.0,
        _ => width,
    };
    let current = if let Some(Hit::Slot { index, .. }) = from { Some(index) } else { None };
    let places =
        (1..=width as u32).map(|step| if forward { here + f64::from(step) } else { here - f64::from(step) });
    places
        .filter_map(|x| chart.hit(x, height / 2.0, width, height))
        .find(|hit| matches!(hit, Hit::Slot { index, .. } if Some(*index) != current))
}

fn size(tools: Tools) -> (f64, f64) {
    let canvas = tools.canvas.peek::<HtmlCanvasElement>();
    canvas.map_or((0.0, 0.0), |canvas| (f64::from(canvas.client_width()), f64::from(canvas.client_height())))
}

/// A chart that is not pointed at itself has not been measured yet.
fn measured(tools: Tools, width: Cell<f64>) -> f64 {
    width.track();
    size(tools).0
}
