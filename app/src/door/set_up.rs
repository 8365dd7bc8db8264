//! Makes the first account.

use common::door::{NAME_MAX_CHARS, PASSWORD_MIN_CHARS, paths};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    field::Field,
    form::{form, hidden, main_button, problem_box},
    passwords::new_password,
    problem::FormProblem,
    words::EntryWords,
};

/// The page that makes the first account.
#[derive(Debug, Clone, Default)]
pub struct SetUpPage {
    /// The secret of the link, which goes into the form.
    pub link_token: String,
    /// The name that was sent before; empty at first.
    pub name: String,
    /// The reason for which the form was not accepted.
    pub problem: Option<FormProblem>,
}

/// Renders the document at [`paths::SET_UP`]; its form is [`common::door::forms::NewAccountForm`].
#[must_use]
pub fn set_up(context: &DoorContext, page: SetUpPage) -> String {
    let words = EntryWords::of(context.language);
    let problem = page.problem.as_ref();
    let body = view! {
        <p class="door__lead">{words.set_up_lead}</p>
        <p class="door__lead">{words.set_up_then}</p>
        {problem_box(context, problem)}
        {form(
            context,
            paths::SET_UP,
            "door__form",
            new_account(context, page.link_token, page.name, problem, words.set_up_button),
        )}
    };
    let (title, is_refused) = (words.set_up, problem.is_some());
    document(context, DoorPage { title, is_refused, path: None, body: body.into_any() })
}

/// The fields of a new account.
pub(super) fn new_account(
    context: &DoorContext,
    link: String,
    name: String,
    problem: Option<&FormProblem>,
    button: &'static str,
) -> AnyView {
    let words = EntryWords::of(context.language);
    let is_named = !name.is_empty();
    let name = Field {
        id: "name",
        name: "name",
        label: words.name,
        hint: Some(words.name_hint.to_owned()),
        value: name,
        autocomplete: "username",
        is_first: !is_named,
        max_chars: Some(NAME_MAX_CHARS),
        ..Field::default()
    };
    view! {
        {hidden("link", link)}
        {name.view(problem)}
        {new_password("password", words.password, Some((words.password_hint)(PASSWORD_MIN_CHARS)), is_named).view(problem)}
        {new_password("password_again", words.password_again, None, false).view(problem)}
        {main_button(button)}
    }
    .into_any()
}
