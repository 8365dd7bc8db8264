//! The past of a host: charts of any time that is kept, drawn by the server, with their numbers.

use charts::{Chart, LineChart, LineSeries, Scale, nice_max};
use common::{
    door::paths,
    host::HostInfo,
    metric::Unit,
    panel::{Axis, Panel, PanelView},
    series_address::SeriesAddress,
    spike::Spike,
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    explore_view::{ExploreRange, ExploreView},
    form::{percent_encoded, shared},
    history_span::{DAY, HISTORY_SPANS, HOUR, HistorySpan, MINUTE},
    history_spikes::spikes,
    words::HistoryWords,
};
use crate::{first_paint, format, i18n::Language};

/// The size of a chart, CSS pixels. It is drawn as wide as its card: larger on a desk, and smaller on a phone, where its names can be read still.
const SIZE: (u32, u32) = (440, 170);
/// The end of an axis is so many times the highest value at least.
const HEADROOM: f64 = 1.05;
/// Steps between the names of a time axis.
const TICKS: [u64; 14] = [
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    61 * DAY,
    122 * DAY,
];
/// An axis has at most so many names.
const NAMES: u64 = 7;

/// The page of the past.
#[derive(Debug, Clone)]
pub struct HistoryPage {
    /// The host, where it is not the machine that the server runs on.
    pub host: Option<HostInfo>,
    /// The time that is shown: its length, and its end in milliseconds since 1970.
    pub span: HistorySpan,
    /// The end.
    pub to: u64,
    /// True if that is now.
    pub is_now: bool,
    /// The panels that have numbers; none where nothing is kept.
    pub panels: Option<Vec<HistoryPanel>>,
    /// The spikes of that time, the newest first.
    pub spikes: Vec<Spike>,
}

/// A panel and its lines.
#[derive(Debug, Clone)]
pub struct HistoryPanel {
    /// The panel of the catalog.
    pub panel: Panel,
    /// The beginnings of the steps, milliseconds since 1970.
    pub at: Vec<u64>,
    /// The time from step to step, milliseconds.
    pub step: u64,
    /// Its lines, in the catalog's order; those without a number are left out.
    pub lines: Vec<HistoryLine>,
    /// The series that its lines are made of, as many as fit into a view of Explore.
    pub series: Vec<SeriesAddress>,
}

/// The numbers of a line, one of each for each step.
#[derive(Debug, Clone)]
pub struct HistoryLine {
    /// The place of the line in the panel.
    pub place: usize,
    /// The lowest of each step.
    pub low: Vec<Option<f64>>,
    /// The mean.
    pub average: Vec<Option<f64>>,
    /// The highest.
    pub high: Vec<Option<f64>>,
}

/// Reports that a panel shows a time: its lines are numbers that can be drawn.
#[must_use]
pub fn has_history(panel: &Panel) -> bool {
    panel.view == PanelView::Trend && !panel.lines.is_empty()
}

/// Renders the document at [`paths::HISTORY`].
#[must_use]
pub fn history(context: &DoorContext, page: &HistoryPage) -> String {
    let words = HistoryWords::of(context.language);
    let list = match &page.panels {
        None => view! { <p class="door__none">{words.off}</p> }.into_any(),
        Some(panels) if panels.is_empty() => view! { <p class="door__none">{words.none}</p> }.into_any(),
        Some(panels) => {
            let cards: Vec<_> = panels.iter().map(|panel| card(context, page, panel)).collect();
            view! { <div class="history__cards">{cards}</div> }.into_any()
        }
    };
    let body = view! {
        <p class="door__lead">{words.hint}</p>
        {page.host.as_ref().map(|host| view! { <h2 class="history__host"><bdi>{host.id.to_string()}</bdi></h2> })}
        {spans(context, page)}
        {moves(context, page)}
        {list}
        {spikes(context, &page.spikes)}
    };
    let title = shared(context).history;
    document(
        context,
        DoorPage { title, is_refused: false, path: Some(paths::HISTORY), body: body.into_any() },
    )
}

/// The address of the page with another time.
fn address(context: &DoorContext, page: &HistoryPage, span: HistorySpan, to: Option<u64>) -> String {
    let to = to.map(|to| ["&to=", &to.to_string()].concat()).unwrap_or_default();
    let host = page.host.as_ref().map(|host| ["host=", &percent_encoded(host.id.as_str()), "&"].concat());
    context.href(&[paths::HISTORY, "?", &host.unwrap_or_default(), "span=", span.name, &to].concat())
}

fn spans(context: &DoorContext, page: &HistoryPage) -> AnyView {
    let words = HistoryWords::of(context.language);
    let end = (!page.is_now).then_some(page.to);
    let links: Vec<_> = HISTORY_SPANS
        .into_iter()
        .zip(words.spans)
        .map(|(span, name)| {
            let current = (span == page.span).then_some("true");
            view! {
                <li>
                    <a class="button" href=address(context, page, span, end) aria-current=current>
                        {name}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav aria-label=words.length>
            <ul class="history__spans">{links}</ul>
        </nav>
    }
    .into_any()
}

/// The time that is shown, and the ways to what was before it and after it.
fn moves(context: &DoorContext, page: &HistoryPage) -> AnyView {
    let words = HistoryWords::of(context.language);
    let (span, to, is_now) = (page.span, page.to, page.is_now);
    let from = to.saturating_sub(span.length);
    let moment = |at: u64| [&format::date(at, 0), " ", &format::minute(at, 0)].concat();
    let after = (!is_now).then(|| {
        view! {
            <a class="button" href=address(context, page, span, Some(to + span.length))>
                {words.later}
            </a>
            <a class="button" href=address(context, page, span, None)>
                {words.now}
            </a>
        }
    });
    view! {
        <div class="history__moves">
            <a class="button" href=address(context, page, span, Some(from))>
                {words.earlier}
            </a>
            {after}
            <p class="number">{[&moment(from), " – ", &moment(to), " UTC"].concat()}</p>
        </div>
    }
    .into_any()
}

fn card(context: &DoorContext, page: &HistoryPage, of: &HistoryPanel) -> AnyView {
    let words = HistoryWords::of(context.language);
    let language = context.language;
    let title = language.pick(of.panel.title);
    let explore = shared(context).explore;
    let unit = of.panel.lines.first().map_or(Unit::Count, |line| line.metric.unit);
    let id = ["history-", of.panel.id].concat();
    let (heading, group, named) = (id.clone(), id.clone(), id.clone());
    let rows: Vec<_> = of
        .lines
        .iter()
        .map(|line| {
            let metric = of.panel.lines[line.place].metric;
            let number =
                |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format::full(value, unit));
            let mean = mean(&line.average);
            view! {
                <tr>
                    <th scope="row">{language.pick(metric.name)}</th>
                    <td class="number">{number(extreme(&line.low, f64::min))}</td>
                    <td class="number">{number(mean)}</td>
                    <td class="number">{number(extreme(&line.high, f64::max))}</td>
                    <td class="number">{number(line.average.iter().rev().find_map(|value| *value))}</td>
                </tr>
            }
        })
        .collect();
    let picture = first_paint::picture(&Chart::Line(chart(page, of, unit, language)), SIZE.0, SIZE.1);
    view! {
        <section class="card history__card" aria-labelledby=id>
            <div class="history__head">
                <h2 class="card__title" id=heading>{title}</h2>
                <a href=context.href(&explored(page, of)) aria-label=[explore, ": ", title].concat()>
                    {explore}
                </a>
            </div>
            <div class="history__chart" inner_html=picture></div>
            <div class="history__numbers" role="group" tabindex="0" aria-labelledby=group>
                <table class="table" aria-labelledby=named>
                    <thead>
                        <tr>
                            <th scope="col">
                                <span class="sr-only">{words.line}</span>
                            </th>
                            <th scope="col">{words.lowest}</th>
                            <th scope="col">{words.average}</th>
                            <th scope="col">{words.highest}</th>
                            <th scope="col">{words.last}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// The address of the panel's series and time in Explore.
fn explored(page: &HistoryPage, of: &HistoryPanel) -> String {
    let HistoryPage { span, to, is_now, .. } = *page;
    let view = ExploreView::live(of.series.clone(), span, to);
    let range = ExploreRange { live: is_now.then_some(span), ..view.range };
    ExploreView { range, ..view }.address()
}

/// The mean of the steps that have one.
fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

fn extreme(values: &[Option<f64>], of: fn(f64, f64) -> f64) -> Option<f64> {
    values.iter().flatten().copied().reduce(of)
}

/// Of each line the highest of each step, shaded, and its mean.
fn chart(page: &HistoryPage, of: &HistoryPanel, unit: Unit, language: Language) -> LineChart {
    let mut series = Vec::new();
    for line in &of.lines {
        let shown = of.panel.lines[line.place];
        let name = language.pick(shown.metric.name);
        for (values, area) in [(&line.high, true), (&line.average, false)] {
            let points = of.at.iter().zip(values).map(|(at, value)| (*at as f64, *value)).collect();
            series.push(LineSeries {
                name: name.to_owned(),
                points,
                area,
                color: shown.color,
                down: shown.down,
            });
        }
    }
    let to = page.to as f64;
    let scale = match unit {
        Unit::Percent => Scale::Percent,
        Unit::Bytes => Scale::Iec,
        _ => Scale::Si,
    };
    let mut line = LineChart {
        series,
        scale,
        from_ms: to - page.span.length as f64,
        to_ms: to,
        x_ticks: ticks(page),
        gap_ms: of.step as f64 * 2.5,
        ..LineChart::default()
    };
    let max = match of.panel.axis {
        Axis::To(max) => max,
        Axis::AtLeast(least) => nice_max((line.axis_max() * HEADROOM).max(least), scale),
    };
    line.max = Some(max);
    line.ticks = [0.0, max / 2.0, max].map(|value| (value, format::tick(value, unit))).to_vec();
    line
}

/// The names of the time axis: minutes of a day, days, or months.
fn ticks(page: &HistoryPage) -> Vec<(f64, String)> {
    let HistoryPage { span, to, .. } = *page;
    let step = TICKS.into_iter().find(|step| span.length / step <= NAMES).unwrap_or(TICKS[TICKS.len() - 1]);
    let from = to.saturating_sub(span.length);
    let first = from.next_multiple_of(step);
    let name = |at: u64| if step < DAY { format::minute(at, 0) } else { format::date(at, 0) };
    (first..=to)
        .step_by(usize::try_from(step).unwrap_or(usize::MAX))
        .map(|at| (at as f64, name(at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_axis_has_a_handful_of_names_for_every_length() {
        for span in HISTORY_SPANS {
            let page = HistoryPage {
                host: None,
                span,
                to: 1_796_000_123_456,
                is_now: true,
                panels: None,
                spikes: Vec::new(),
            };
            let names = ticks(&page);
            assert!((2..=8).contains(&names.len()), "{}: {names:?}", span.name);
            assert!(names.windows(2).all(|two| two[0].1 != two[1].1), "{}: {names:?}", span.name);
        }
    }

    #[test]
    fn gaps_are_in_no_figure() {
        assert_eq!(mean(&[Some(1.0), None, Some(3.0)]), Some(2.0));
        assert_eq!((mean(&[None]), extreme(&[None], f64::max)), (None, None));
        assert_eq!(extreme(&[Some(4.0), None, Some(-1.0)], f64::min), Some(-1.0));
    }
}
