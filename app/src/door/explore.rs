//! Explore: any series of any hosts, overlaid, drawn by the server. A script points at moments, zooms and follows the time; without it every
//! view is reached by links and forms.

use charts::{OverlayChart, overlay_svg};
use common::{door::paths, past::PastAggregate};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    explore_axis::{moment, zone_name},
    explore_chart::{ExploreCharts, ExploreGroup, ExploreSeries},
    explore_legend::legend,
    explore_picker::{FoundSeries, picker, time_form},
    explore_problem::ExploreProblem,
    explore_save::{ExploreSaving, save_form},
    explore_view::{ExploreComparison, ExploreRange, ExploreView},
    form::shared,
    history_span::{HISTORY_SPANS, HistorySpan},
    words::{ExploreWords, HistoryWords},
};

/// The script of the page. The policy of a document that has it names its hash, so every byte between the tags is this text.
pub const EXPLORE_SCRIPT: &str = include_str!("explore.js");

/// The sizes of a chart, CSS pixels: for a desk, and for a phone, where its names can be read still.
const WIDE: (u32, u32) = (1_160, 260);
const NARROW: (u32, u32) = (340, 200);

/// The page.
#[derive(Debug, Clone)]
pub struct ExplorePage {
    /// All that its address says.
    pub view: ExploreView,
    /// The reason for which something of it cannot be shown.
    pub problem: Option<ExploreProblem>,
    /// True if nothing is kept.
    pub is_off: bool,
    /// The time from value to value, milliseconds.
    pub step: u64,
    /// The series with their values.
    pub series: Vec<ExploreSeries>,
    /// The series to choose from; none where nobody looks for one.
    pub found: Option<FoundSeries>,
    /// The form that saves the view to a dashboard; none where the reader may not.
    pub saving: Option<ExploreSaving>,
}

/// Renders the document at [`paths::EXPLORE`].
#[must_use]
pub fn explore(context: &DoorContext, page: ExplorePage) -> String {
    let words = ExploreWords::of(context.language);
    let refused = page.saving.as_ref().and_then(|saving| saving.problem.as_ref());
    let is_refused = page.problem.is_some() || refused.is_some();
    // A form that was refused stands at its own address.
    let address = refused.map(|_| context.href(&page.view.address()));
    let problem = page.problem.as_ref().map(|problem| {
        view! { <p class="door__problem" role="alert">{problem.sentence(context.language)}</p> }
    });
    let body = if page.is_off {
        let off = HistoryWords::of(context.language).off;
        view! {
            {problem}
            <p class="door__none">{off}</p>
        }
        .into_any()
    } else {
        let charts = charts(context, &page);
        let ExplorePage { view, found, step, saving, .. } = page;
        let save = saving.filter(|_| !view.series.is_empty()).map(|saving| save_form(context, &view, saving));
        view! {
            <div
                class="explore"
                data-explore=""
                data-address=address
                data-zone=view.zone.to_string()
                data-from=view.range.from.to_string()
                data-to=view.range.to.to_string()
                data-live=view.range.live.map(|_| "")
                data-step=step.to_string()
                data-word-live=words.live
                data-word-paused=words.paused
                data-word-lost=words.lost
                data-word-pause=words.pause
                data-word-go=words.go_on
            >
                <div data-part="problem">{problem}</div>
                {spans(context, &view)}
                {moves(context, &view)}
                {charts}
                {tools(context, &view)}
                {save}
                {picker(context, &view, found)}
            </div>
            <script inner_html=EXPLORE_SCRIPT></script>
        }
        .into_any()
    };
    let body = view! {
        <p class="door__lead">
            {words.hint} " " <a href=context.href(paths::DASHBOARDS)>{shared(context).dashboards}</a>
        </p>
        {body}
    };
    let title = shared(context).explore;
    document(context, DoorPage { title, is_refused, path: Some(paths::EXPLORE), body: body.into_any() })
}

fn button_link(context: &DoorContext, view: &ExploreView, text: &'static str, is_current: bool) -> AnyView {
    let current = is_current.then_some("true");
    view! {
        <a class="button" href=context.href(&view.address()) aria-current=current>
            {text}
        </a>
    }
    .into_any()
}

fn spans(context: &DoorContext, view: &ExploreView) -> AnyView {
    let words = HistoryWords::of(context.language);
    let length = view.range.to - view.range.from;
    let links: Vec<_> = HISTORY_SPANS
        .into_iter()
        .zip(words.spans)
        .map(|(span, name)| {
            let link = button_link(context, &view.with_span(span), name, span.length == length);
            view! { <li>{link}</li> }
        })
        .collect();
    view! {
        <nav aria-label=words.length>
            <ul class="history__spans">{links}</ul>
        </nav>
    }
    .into_any()
}

/// The ways to the times before and after, and the time that is shown.
fn moves(context: &DoorContext, view: &ExploreView) -> AnyView {
    let (words, texts) = (HistoryWords::of(context.language), ExploreWords::of(context.language));
    let ExploreRange { from, to, live } = view.range;
    let length = to - from;
    let start = from.saturating_sub(length);
    let earlier = view.at(start, start + length);
    let after = live.is_none().then(|| {
        let later = view.at(from.saturating_add(length), to.saturating_add(length));
        view! { {button_link(context, &later, words.later, false)} {button_link(context, &now(view), words.now, false)} }
    });
    let [first, last] = [from, to].map(|at| moment(at, view.zone, length));
    view! {
        <div class="history__moves">
            <div class="history__moves" data-part="moves">
                {button_link(context, &earlier, words.earlier, false)} {after}
                <p class="number">
                    {[&first, " – ", &last].concat()} " " <span class="sr-only">{texts.zone}</span> " "
                    <span>{zone_name(view.zone)}</span>
                </p>
            </div>
            <p class="stream__state" data-script="" hidden>
                <span role="status" data-state=""></span>
            </p>
            <button class="button" type="button" data-pause="" hidden>
                {texts.pause}
            </button>
            <p class="number explore__moment" role="status" data-moment=""></p>
        </div>
    }
    .into_any()
}

/// The view that ends now and goes on, about as long as this one.
fn now(view: &ExploreView) -> ExploreView {
    let length = view.range.to - view.range.from;
    let longest = HISTORY_SPANS[HISTORY_SPANS.len() - 1];
    let span: HistorySpan = HISTORY_SPANS.into_iter().find(|span| span.length >= length).unwrap_or(longest);
    ExploreView { range: ExploreRange { live: Some(span), ..view.range }, ..view.clone() }
}

fn charts(context: &DoorContext, page: &ExplorePage) -> AnyView {
    let words = ExploreWords::of(context.language);
    let charts = ExploreCharts::new(&page.view, page.step, &page.series);
    let (wide, narrow) = (charts.drawn(WIDE.0), charts.drawn(NARROW.0));
    let cards: Vec<_> = charts
        .groups
        .iter()
        .enumerate()
        .zip(wide.iter().zip(&narrow))
        .map(|((place, group), pictures)| card(context, &charts, (place, group), pictures))
        .collect();
    let none = cards.is_empty().then(|| view! { <p class="door__none">{words.none_chosen}</p> });
    view! {
        <div class="explore__charts" data-part="charts">
            {none} {cards}
        </div>
    }
    .into_any()
}

fn card(
    context: &DoorContext,
    charts: &ExploreCharts<'_>,
    (place, group): (usize, &ExploreGroup<'_>),
    (wide, narrow): (&OverlayChart, &OverlayChart),
) -> AnyView {
    let words = ExploreWords::of(context.language);
    let id = ["explore-", &place.to_string()].concat();
    let title = group_title(context, group);
    let is_empty = group.members.iter().all(|(_, series)| series.values.is_empty());
    let none = is_empty.then(|| view! { <p class="door__none">{words.no_numbers}</p> });
    view! {
        <section class="card explore__card" aria-labelledby=id.clone()>
            <h2 class="card__title" id=id.clone()>
                {title.clone()}
            </h2>
            <div class="explore__plot" data-plot="" data-name=title data-keys=words.keys>
                {picture("plot__first--wide", wide, WIDE)} {picture("plot__first--narrow", narrow, NARROW)}
            </div>
            {none}
            {legend(context, charts, group, &id)}
        </section>
    }
    .into_any()
}

pub(super) fn picture(class: &'static str, chart: &OverlayChart, (width, height): (u32, u32)) -> AnyView {
    let [left, right] = chart.edges(width).map(|edge| edge.to_string());
    let svg = overlay_svg(chart, width, height);
    view! { <div class=class data-left=left data-right=right inner_html=svg></div> }.into_any()
}

/// The metric of a chart's series, or the unit where these are of several.
pub(super) fn group_title(context: &DoorContext, group: &ExploreGroup<'_>) -> String {
    let mut titles = group.members.iter().map(|(_, series)| series.title(context.language));
    let first = titles.next().unwrap_or_default();
    if titles.all(|title| title == first) {
        return first;
    }
    (ExploreWords::of(context.language).unit)(group.unit).to_owned()
}

/// Another time, a comparison, and files.
fn tools(context: &DoorContext, view: &ExploreView) -> AnyView {
    let words = ExploreWords::of(context.language);
    let figures = HistoryWords::of(context.language);
    let comparisons = [None].into_iter().chain(ExploreComparison::ALL.map(Some)).zip(words.comparisons);
    let comparisons = comparisons
        .map(|(comparison, name)| {
            let other = ExploreView { comparison, ..view.clone() };
            button_link(context, &other, name, comparison == view.comparison)
        })
        .collect();
    let aggregates = [PastAggregate::Average, PastAggregate::Min, PastAggregate::Max, PastAggregate::Last]
        .into_iter()
        .zip([figures.average, figures.lowest, figures.highest, figures.last])
        .map(|(aggregate, name)| {
            let other = ExploreView { aggregate, ..view.clone() };
            button_link(context, &other, name, aggregate == view.aggregate)
        })
        .collect();
    let layouts = [false, true]
        .into_iter()
        .zip(words.layouts)
        .map(|(is_stacked, name)| {
            let other = ExploreView { is_stacked, ..view.clone() };
            button_link(context, &other, name, is_stacked == view.is_stacked)
        })
        .collect();
    let files = (!view.series.is_empty()).then(|| {
        let still = ExploreView { find: None, ..view.at(view.range.from, view.range.to) };
        let svg = context.href(&still.address_of(paths::EXPLORE_SVG));
        let csv = ExploreView { comparison: None, is_stacked: false, ..still };
        let csv = context.href(&csv.address_of(paths::RANGE_CSV));
        view! {
            <p class="door__pages" data-part="files">
                <a class="door__export" href=csv download="">
                    {words.save_csv}
                </a>
                <a class="door__export" href=svg.clone() download="">
                    {words.save_svg}
                </a>
                <a class="door__export" href=svg data-png="" data-script="" hidden>
                    {words.save_png}
                </a>
            </p>
        }
    });
    view! {
        {files}
        <div class="explore__tools">
            {time_form(context, view)}
            {choice(words.compare, comparisons)} {choice(words.aggregate, aggregates)}
            {choice(words.layout, layouts)}
        </div>
    }
    .into_any()
}

/// Links of which one is what is shown.
fn choice(name: &'static str, links: Vec<AnyView>) -> AnyView {
    let links: Vec<_> = links.into_iter().map(|link| view! { <li>{link}</li> }).collect();
    view! {
        <nav aria-label=name>
            <p class="field__label">{name}</p>
            <ul class="history__spans">{links}</ul>
        </nav>
    }
    .into_any()
}
