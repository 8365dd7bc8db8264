//! A dashboard that is changed: its name, and the order, the titles and the number of its cards.

use common::door::paths;
use leptos::prelude::*;

use super::{
    card::DashboardCardView,
    page::DashboardPage,
    view::{DashboardMode, DashboardView},
};
use crate::door::{
    context::DoorContext,
    explore_legend::series_name,
    field::Field,
    form::{asks_once, button, danger_button, form, hidden, problem_box, row_id},
    problem::FormProblem,
    words::DashboardWords,
};

/// The forms, in the place of the charts.
pub(super) fn editor(context: &DoorContext, page: &DashboardPage) -> AnyView {
    let words = DashboardWords::of(context.language);
    let count: usize = page.rows.iter().map(Vec::len).sum();
    let mut place = 0;
    let rows: Vec<_> = page
        .rows
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let cards: Vec<_> = row
                .iter()
                .map(|one| {
                    place += 1;
                    let is_first = place == 1 && row.len() == 1;
                    let is_last = place == count && row.len() == 1;
                    edited(context, page, (place - 1, one), [is_first, is_last])
                })
                .collect();
            let id = ["row-", &number.to_string()].concat();
            view! {
                <section class="card door__section" aria-labelledby=id.clone()>
                    <h2 id=id.clone()>{(words.row)(number + 1)}</h2>
                    <ol class="rows">{cards}</ol>
                </section>
            }
        })
        .collect();
    let look = DashboardView { mode: DashboardMode::Look, ..page.view.clone() }.address();
    let hint = if rows.is_empty() { words.empty } else { words.order_hint };
    view! {
        {problem_box(context, page.problem.as_ref())}
        {rename(context, page)}
        <p class="door__none">{hint}</p>
        {rows}
        <p class="door__pages">
            <a class="button button--main" href=context.href(&look)>
                {words.edited}
            </a>
            <a class="button" href=context.href(paths::DASHBOARDS)>
                {words.all}
            </a>
        </p>
    }
    .into_any()
}

fn rename(context: &DoorContext, page: &DashboardPage) -> AnyView {
    let words = DashboardWords::of(context.language);
    let name = Field {
        id: "board-name",
        name: "name",
        label: words.name,
        value: page.name.clone(),
        autocomplete: "off",
        max_chars: Some(80),
        ..Field::default()
    };
    let problem = page.problem.as_ref().filter(|problem| **problem != FormProblem::Gone);
    let fields = view! {
        {row_id(page.view.id)}
        {hidden("seen", page.version.to_string())}
        {name.view(problem)}
        {button(words.rename, None)}
    };
    form(context, paths::DASHBOARDS_RENAME, "door__line", fields.into_any())
}

/// The forms of a card. The first and the last card of all have no way further.
fn edited(
    context: &DoorContext,
    page: &DashboardPage,
    (place, card): (usize, &DashboardCardView),
    [is_first, is_last]: [bool; 2],
) -> AnyView {
    let words = DashboardWords::of(context.language);
    let heading = card.heading(context);
    let named = |word: &str| [word, ": ", &(place + 1).to_string(), ". ", &heading].concat();
    let act = |act: &'static str, class: &'static str, rest: AnyView| {
        let fields = view! {
            {row_id(page.view.id)}
            {hidden("seen", page.version.to_string())}
            {hidden("card", place.to_string())}
            {hidden("act", act.to_owned())}
            {rest}
        };
        form(context, paths::DASHBOARDS_CARD, class, fields.into_any())
    };
    let move_to =
        |to: &'static str, word: &'static str| act(to, "door__act", button(word, Some(named(word))));
    let id = ["title-", &place.to_string()].concat();
    let title = view! {
        <div class="field">
            <label class="field__label" for=id.clone()>
                {words.title}
            </label>
            <input
                class="input"
                id=id
                name="title"
                type="text"
                value=card.title.clone()
                autocomplete="off"
                maxlength="120"
            />
        </div>
        {button(words.rename, Some(named(words.rename)))}
    };
    let remove = act("remove", "door__act", danger_button(words.remove, None));
    let names: Vec<_> = card
        .series
        .iter()
        .map(|one| {
            let name = series_name(&one.address, &one.title(context.language));
            view! {
                <li>
                    <bdi>{name}</bdi>
                </li>
            }
        })
        .collect();
    let hidden_series =
        (card.hidden > 0).then(|| view! { <p class="door__none">{(words.hidden)(card.hidden)}</p> });
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name">
                    <bdi>{heading.clone()}</bdi>
                </p>
            </div>
            <ul class="board__names">{names}</ul>
            {hidden_series}
            {act("title", "door__line", title.into_any())}
            <div class="row__act">
                {(!is_first).then(|| move_to("earlier", words.earlier))}
                {(!is_last).then(|| move_to("later", words.later))}
                {asks_once(words.remove, named(words.remove), words.remove_card_hint.to_owned(), remove)}
            </div>
        </li>
    }
    .into_any()
}
