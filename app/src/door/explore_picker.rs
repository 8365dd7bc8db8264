//! The search of Explore, and its other forms: what can be added to the view, and another time for it.

use common::{door::paths, metric::Metric, series_address::SeriesAddress};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    explore_chart::metric_title,
    explore_legend::series_name,
    explore_view::{EXPLORE_SERIES, ExploreView},
    field::Field,
    form::hidden,
    words::ExploreWords,
};
use crate::format;

/// The series that a search has found.
#[derive(Debug, Clone, Default)]
pub struct FoundSeries {
    /// The first of them.
    pub rows: Vec<FoundRow>,
    /// The number of all.
    pub all: usize,
}

/// A series that was found.
#[derive(Debug, Clone)]
pub struct FoundRow {
    /// The series.
    pub address: SeriesAddress,
    /// Its metric, where the catalog has it.
    pub metric: Option<&'static Metric>,
}

/// The fields of a form that leads to the view with some parameters of its own, but for those.
fn carried(view: &ExploreView, own: &[&str]) -> Vec<AnyView> {
    let pairs = view.pairs().into_iter().filter(|(name, _)| !own.contains(name));
    pairs.map(|(name, value)| hidden(name, value)).collect()
}

/// The search for series, and what it has found.
pub(super) fn picker(context: &DoorContext, view: &ExploreView, found: Option<FoundSeries>) -> AnyView {
    let words = ExploreWords::of(context.language);
    let field = Field {
        id: "find",
        name: "find",
        label: words.find,
        hint: Some(words.find_hint.to_owned()),
        value: view.find.clone().unwrap_or_default(),
        autocomplete: "off",
        is_optional: true,
        max_chars: Some(200),
        ..Field::default()
    };
    view! {
        <section class="card door__section" id="add" aria-labelledby="add-title">
            <h2 id="add-title">{words.add}</h2>
            <form
                class="door__filter"
                method="get"
                action=[&context.href(paths::EXPLORE), "#add"].concat()
                role="search"
                aria-label=words.add
            >
                {carried(view, &["find"])}
                {field.view(None)}
                <button class="button button--main" type="submit">
                    {words.find_button}
                </button>
            </form>
            {found.map(|found| list(context, view, found))}
        </section>
    }
    .into_any()
}

fn list(context: &DoorContext, view: &ExploreView, found: FoundSeries) -> AnyView {
    let words = ExploreWords::of(context.language);
    if found.all == 0 {
        return view! { <p class="door__none">{words.found_none}</p> }.into_any();
    }
    let count = (words.found)(found.rows.len(), found.all);
    let is_full = view.series.len() >= EXPLORE_SERIES;
    let rows: Vec<_> = found
        .rows
        .into_iter()
        .map(|row| {
            let title = metric_title(row.metric, &row.address, context.language);
            let name = series_name(&row.address, &title);
            let is_shown = view.series.contains(&row.address);
            if is_shown || is_full {
                let shown = is_shown.then(|| view! { " " <span class="tag">{words.is_shown}</span> });
                return view! { <li><bdi>{name}</bdi> {shown}</li> }.into_any();
            }
            let label = [words.add_one, ": ", &name].concat();
            let address = context.href(&view.with(&row.address).address());
            // A reader who adds several stays where they are.
            view! {
                <li>
                    <a href=[&address, "#add"].concat() title=label>
                        <bdi>{name}</bdi>
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <p class="door__none">{count}</p>
        {is_full.then(|| view! { <p>{words.full}</p> })}
        <ul class="explore__found">{rows}</ul>
    }
    .into_any()
}

/// The form that shows another time.
pub(super) fn time_form(context: &DoorContext, view: &ExploreView) -> AnyView {
    let words = ExploreWords::of(context.language);
    let input = |name: &'static str, label: &'static str, at: u64| {
        let value = [&format::date(at, view.zone), "T", &format::clock(at, view.zone)].concat();
        view! {
            <div class="field">
                <label class="field__label" for=name>
                    {label}
                </label>
                <input class="input" id=name name=name type="datetime-local" step="1" value=value autocomplete="off" required />
            </div>
        }
    };
    view! {
        <form class="door__filter" method="get" action=context.href(paths::EXPLORE)>
            {carried(view, &["span", "from", "to"])}
            {input("start", words.start, view.range.from)}
            {input("end", words.end, view.range.to)}
            <button class="button" type="submit">
                {words.show}
            </button>
        </form>
    }
    .into_any()
}
