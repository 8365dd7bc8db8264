//! Signs in by the second factor.

use common::door::paths;
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    field::Field,
    form::{button, form, hidden, main_button, problem_box},
    problem::FormProblem,
    words::EntryWords,
};

/// The page that asks for the second factor.
#[derive(Debug, Clone, Default)]
pub struct SecondFactorPage {
    /// The address that was asked for: the form brings it along.
    pub next: Option<String>,
    /// True after a recovery code was sent: its form is then open.
    pub is_recovery: bool,
    /// The reason for which the code was not accepted.
    pub problem: Option<FormProblem>,
}

/// Renders the document at [`paths::SIGN_IN_CODE`]; both of its forms are [`common::door::forms::SecondFactorForm`].
#[must_use]
pub fn second_factor(context: &DoorContext, page: SecondFactorPage) -> String {
    let words = EntryWords::of(context.language);
    let problem = match page.problem {
        Some(FormProblem::WrongCode) if page.is_recovery => Some(FormProblem::WrongRecoveryCode),
        problem => problem,
    };
    let problem = problem.as_ref();
    // The two forms have the same field; the problem is that of one of them.
    let of_code = problem.filter(|_| !page.is_recovery);
    let of_recovery = problem.filter(|_| page.is_recovery);
    let next = |next: &Option<String>| next.clone().map(|next| hidden("next", next));
    let recovery = Field {
        id: "recovery",
        name: "code",
        label: words.recovery_code,
        autocomplete: "off",
        max_chars: Some(64),
        is_first: page.is_recovery,
        ..Field::default()
    };
    let code_form = view! {
        {next(&page.next)}
        {code_field(words.code, words.code_hint, !page.is_recovery).view(of_code)}
        {main_button(words.confirm_button)}
    };
    let recovery_form = view! {
        {next(&page.next)}
        {recovery.view(of_recovery)}
        {button(words.recovery_button, None)}
    };
    let body = view! {
        {problem_box(context, problem)}
        {form(context, paths::SIGN_IN_CODE, "door__form", code_form.into_any())}
        <details class="door__more" open=page.is_recovery>
            <summary>{words.recovery}</summary>
            <p class="field__hint">{words.recovery_hint}</p>
            {form(context, paths::SIGN_IN_CODE, "door__form", recovery_form.into_any())}
        </details>
        <p class="door__aside">
            <a href=context.href(paths::SIGN_IN)>{words.other_account}</a>
        </p>
    };
    let (title, is_refused) = (words.second_factor, problem.is_some());
    document(context, DoorPage { title, is_refused, path: None, body: body.into_any() })
}

/// A field for the six digits of an authenticator. Some people write them with a space between.
pub(super) fn code_field(label: &'static str, hint: &'static str, is_first: bool) -> Field {
    Field {
        id: "code",
        name: "code",
        label,
        hint: Some(hint.to_owned()),
        autocomplete: "one-time-code",
        inputmode: Some("numeric"),
        max_chars: Some(16),
        is_first,
        ..Field::default()
    }
}
