//! Signs in by name and password.

use common::door::{NAME_MAX_CHARS, PASSWORD_MAX_CHARS, paths};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    field::Field,
    form::{form, hidden, main_button, problem_box},
    passkeys::{self, PasskeyChallenge},
    problem::FormProblem,
    words::EntryWords,
};

/// The page that signs in.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    /// The name that was sent before; empty at first.
    pub name: String,
    /// The address that was asked for: the form brings it along.
    pub next: Option<String>,
    /// The name of the provider at which one can sign in, too.
    pub provider: Option<String>,
    /// The question by which a browser finds a passkey; none where the site has no domain.
    pub passkey: Option<PasskeyChallenge>,
    /// The reason for which the form was not accepted, or for which one has to sign in again.
    pub problem: Option<FormProblem>,
}

/// Renders the document at [`paths::SIGN_IN`]; its form is [`common::door::forms::SignInForm`].
#[must_use]
pub fn sign_in(context: &DoorContext, page: SignInPage) -> String {
    let words = EntryWords::of(context.language);
    let problem = page.problem.as_ref();
    let is_named = !page.name.is_empty();
    let name = Field {
        id: "name",
        name: "name",
        label: words.name,
        value: page.name,
        autocomplete: "username",
        is_first: !is_named,
        max_chars: Some(NAME_MAX_CHARS),
        ..Field::default()
    };
    let password = Field {
        id: "password",
        name: "password",
        label: words.password,
        autocomplete: "current-password",
        is_secret: true,
        is_first: is_named,
        max_chars: Some(PASSWORD_MAX_CHARS),
        ..Field::default()
    };
    let provider = page.provider.map(|name| at_provider(context, &name, page.next.as_deref()));
    let passkey = page.passkey.map(|question| passkeys::sign_in(context, question, page.next.clone()));
    let fields = view! {
        {page.next.map(|next| hidden("next", next))}
        {name.view(problem)}
        {password.view(problem)}
        {main_button(words.sign_in_button)}
    };
    let body = view! {
        {problem_box(context, problem)}
        {provider}
        {passkey}
        {form(context, paths::SIGN_IN, "door__form", fields.into_any())}
        <p class="door__aside">{words.forgotten}</p>
    };
    let (title, is_refused) = (words.sign_in, problem.is_some());
    document(context, DoorPage { title, is_refused, path: None, body: body.into_any() })
}

/// The way to the provider: a link, since a form may lead nowhere else than to this server.
fn at_provider(context: &DoorContext, name: &str, next: Option<&str>) -> AnyView {
    let words = EntryWords::of(context.language);
    let address = context.href(paths::SIGN_IN_PROVIDER);
    let address = match next {
        Some(next) => {
            let next: String = next.bytes().map(escaped).collect();
            [&*address, "?next=", &next].concat()
        }
        None => address,
    };
    view! {
        <p>
            <a class="button" href=address>
                {(words.at_provider)(name)}
            </a>
        </p>
    }
    .into_any()
}

/// A byte of a query's value (WHATWG URL §5.2).
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
