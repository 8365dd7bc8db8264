//! A card of a dashboard: the charts of a view of Explore, with the last values of its series.

use charts::overlay_swatch;
use leptos::prelude::*;

use crate::{
    door::{
        context::DoorContext,
        explore::{group_title, picture},
        explore_axis::number,
        explore_chart::{ExploreCharts, ExploreGroup, ExploreSeries},
        explore_legend::series_name,
        explore_view::ExploreView,
        words::{DashboardWords, ExploreWords, HistoryWords},
    },
    pages::plain_text,
};

/// The size of a chart that has its row alone, CSS pixels; of one that shares it; and of one on a phone, where its names can be read still.
const ALONE: (u32, u32) = (1_160, 260);
const SHARED: (u32, u32) = (560, 210);
const NARROW: (u32, u32) = (340, 190);

/// A card with its numbers.
#[derive(Debug, Clone)]
pub struct DashboardCardView {
    /// Its title; may be empty.
    pub title: String,
    /// The view of Explore, of the series that the reader may read.
    pub view: ExploreView,
    /// The time from value to value, milliseconds.
    pub step: u64,
    /// The series with their values.
    pub series: Vec<ExploreSeries>,
    /// The number of series that are not shown.
    pub hidden: usize,
    /// True where the values could not be read.
    pub is_failed: bool,
}

impl DashboardCardView {
    /// The title, or the words that stand for it.
    pub(super) fn heading(&self, context: &DoorContext) -> String {
        self.heading_of(context, &ExploreCharts::new(&self.view, self.step, &self.series))
    }

    fn heading_of(&self, context: &DoorContext, charts: &ExploreCharts<'_>) -> String {
        if !self.title.trim().is_empty() {
            return plain_text(&self.title).into_owned();
        }
        let titles: Vec<String> = charts.groups.iter().map(|group| group_title(context, group)).collect();
        match &titles[..] {
            [] => self.view.series.first().map_or_else(
                || DashboardWords::of(context.language).untitled.to_owned(),
                |series| series.key.metric().to_owned(),
            ),
            [one] => plain_text(one).into_owned(),
            _ => DashboardWords::of(context.language).untitled.to_owned(),
        }
    }
}

/// The rows of cards.
pub(super) fn cards(context: &DoorContext, rows: &[Vec<DashboardCardView>], is_off: bool) -> AnyView {
    if is_off {
        let off = HistoryWords::of(context.language).off;
        return view! { <p class="door__none">{off}</p> }.into_any();
    }
    if rows.is_empty() {
        let empty = DashboardWords::of(context.language).empty;
        return view! { <p class="door__none">{empty}</p> }.into_any();
    }
    let mut place = 0;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let cards: Vec<_> = row
                .iter()
                .map(|one| {
                    place += 1;
                    card(context, place - 1, row.len(), one)
                })
                .collect();
            view! {
                <div class="board__row" data-cards=row.len().to_string()>
                    {cards}
                </div>
            }
        })
        .collect();
    view! { <div class="board__rows">{rows}</div> }.into_any()
}

/// The card at a place, in a row of so many.
fn card(context: &DoorContext, place: usize, columns: usize, card: &DashboardCardView) -> AnyView {
    let (words, texts) = (DashboardWords::of(context.language), ExploreWords::of(context.language));
    let id = ["card-", &place.to_string()].concat();
    let charts = ExploreCharts::new(&card.view, card.step, &card.series);
    let heading = card.heading_of(context, &charts);
    let (wide, class) =
        if columns < 2 { (ALONE, "board__plot") } else { (SHARED, "board__plot board__plot--half") };
    let drawn = if card.is_failed { Vec::new() } else { charts.drawn(wide.0) };
    let pictures: Vec<_> = charts
        .groups
        .iter()
        .zip(drawn)
        .map(|(group, mut chart)| {
            let several = (charts.groups.len() > 1).then(|| {
                let title = plain_text(&group_title(context, group)).into_owned();
                view! { <p class="board__unit">{title}</p> }
            });
            let large = picture("plot__first--wide", &chart, wide);
            // A narrow picture has the same lines, and fewer names of times.
            chart.x_ticks = charts.x_ticks(NARROW.0);
            let small = picture("plot__first--narrow", &chart, NARROW);
            view! {
                <div class="board__group">
                    {several}
                    <div class=class>{large} {small}</div>
                    {legend(context, card, group)}
                </div>
            }
        })
        .collect();
    let is_empty = !card.series.is_empty() && card.series.iter().all(|series| series.values.is_empty());
    let none = match (card.is_failed, is_empty) {
        (true, _) => Some(words.failed),
        (false, is_empty) => is_empty.then_some(texts.no_numbers),
    };
    let none = none.map(|text| view! { <p class="door__none">{text}</p> });
    let hidden = (card.hidden > 0).then(|| view! { <p class="door__none">{(words.hidden)(card.hidden)}</p> });
    let label = [words.explore, ": ", &(place + 1).to_string(), ". ", &heading].concat();
    view! {
        <article class="card board__card" aria-labelledby=id.clone()>
            <div class="board__head">
                <h2 class="card__title" id=id.clone()>
                    <bdi>{heading}</bdi>
                </h2>
                <a class="board__explore" href=context.href(&card.view.address()) aria-label=label>
                    {words.explore}
                </a>
            </div>
            <div class="board__groups">{pictures}</div>
            {none}
            {hidden}
        </article>
    }
    .into_any()
}

/// The names of a chart's series, each with its look and its last value: a dash where that is none of now.
fn legend(context: &DoorContext, card: &DashboardCardView, group: &ExploreGroup<'_>) -> AnyView {
    let rows: Vec<_> = group
        .members
        .iter()
        .map(|(place, series)| {
            let name = series_name(&series.address, &series.title(context.language));
            let newest = series.values.newest(card.step, card.view.range.to);
            let last = newest.map_or_else(|| "–".to_owned(), |value| number(value, series.unit()));
            view! {
                <li>
                    <span class="board__swatch" inner_html=overlay_swatch(*place, false)></span>
                    <bdi class="board__series">{name}</bdi>
                    <span class="number">{last}</span>
                </li>
            }
        })
        .collect();
    view! { <ul class="board__legend">{rows}</ul> }.into_any()
}
