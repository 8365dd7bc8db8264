//! The form that keeps a view of Explore as a card of a dashboard.

use common::{dashboard::CARD_TITLE_CHARS, door::paths};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    explore_view::ExploreView,
    field::Field,
    form::{choose, form, hidden, main_button, section},
    problem::FormProblem,
    words::DashboardWords,
};
use crate::pages::plain_text;

/// The form as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExploreSaving {
    /// The dashboards to choose from, by name.
    pub boards: Vec<(u64, String)>,
    /// The number of the one that is chosen; none for a new one.
    pub board: Option<u64>,
    /// The name of a new one, as it was typed.
    pub name: String,
    /// The title of the card, as it was typed.
    pub title: String,
    /// The reason for which the form was not accepted.
    pub problem: Option<FormProblem>,
}

/// The form.
pub(super) fn save_form(context: &DoorContext, view: &ExploreView, saving: ExploreSaving) -> AnyView {
    let ExploreSaving { boards, board, name, title, problem } = saving;
    let problem = problem.as_ref();
    let words = DashboardWords::of(context.language);
    let has_it = boards.iter().any(|(id, _)| Some(*id) == board);
    let options = boards
        .into_iter()
        .map(|(id, name)| (id.to_string(), plain_text(&name).into_owned(), Some(id) == board))
        .chain([(String::new(), words.new_board.to_owned(), !has_it)])
        .collect();
    let short = |id, name, label, hint: &str, value, most| Field {
        id,
        name,
        label,
        hint: Some(hint.to_owned()),
        value,
        autocomplete: "off",
        is_optional: true,
        max_chars: Some(most),
        ..Field::default()
    };
    let title = short("save-card", "title", words.title, words.title_hint, title, CARD_TITLE_CHARS);
    let name = short("save-name", "name", words.new_name, words.new_name_hint, name, 80);
    let fields = view! {
        {hidden("view", view.query())}
        {title.view(problem)}
        {choose("save-board".into(), "board", words.board.into(), true, options)}
        {name.view(problem)}
        {main_button(words.save_button)}
    };
    let form = form(context, paths::DASHBOARDS_SAVE, "door__filter", fields.into_any());
    let body = view! {
        <p class="field__hint">{words.save_hint}</p>
        {form}
    };
    section(context, "save", words.save, problem, body.into_any())
}
