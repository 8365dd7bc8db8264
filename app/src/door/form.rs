//! Forms, and the parts that stand in and around them.

use leptos::prelude::*;

use super::{
    context::DoorContext,
    problem::FormProblem,
    words::{SharedWords, problem_sentence},
};
use crate::{format, i18n::Words};

/// The id of the document's one problem: the field that it is about is described by it.
pub(super) const PROBLEM_ID: &str = "problem";

/// A form, with the token that proves it is one of ours.
pub(super) fn form(
    context: &DoorContext,
    path: &'static str,
    class: &'static str,
    fields: AnyView,
) -> AnyView {
    view! {
        <form class=class method="post" action=context.href(path)>
            <input type="hidden" name="csrf" value=context.csrf.clone() />
            {fields}
        </form>
    }
    .into_any()
}

/// A field that is sent and not shown.
pub(super) fn hidden(name: &'static str, value: String) -> AnyView {
    view! { <input type="hidden" name=name value=value /> }.into_any()
}

/// The button that sends the form, where it is what the reader came for.
pub(super) fn main_button(text: &'static str) -> AnyView {
    view! { <button class="button button--main" type="submit">{text}</button> }.into_any()
}

/// A button that sends the form, where there are others. `name` says which one to those who hear the page.
pub(super) fn button(text: &'static str, name: Option<String>) -> AnyView {
    view! { <button class="button" type="submit" aria-label=name>{text}</button> }.into_any()
}

/// Something that is lost for good: it asks once, by opening, and the second button does it.
pub(super) fn asks_once(word: &'static str, name: String, loss: String, form: AnyView) -> AnyView {
    view! {
        <details class="once">
            <summary class="button" aria-label=name>
                {word}
            </summary>
            <div class="once__body">
                <p>{loss}</p>
                {form}
            </div>
        </details>
    }
    .into_any()
}

/// The button that does what was asked once.
pub(super) fn danger_button(text: &'static str, name: Option<String>) -> AnyView {
    view! { <button class="button button--danger" type="submit" aria-label=name>{text}</button> }.into_any()
}

/// The reason for which a form was not accepted.
pub(super) fn problem_box(context: &DoorContext, problem: Option<&FormProblem>) -> Option<AnyView> {
    let problem = problem?;
    let words = Words::of(context.language);
    let id = problem.id().map(|id| {
        view! { <p class="trouble__id">{[words.trouble_id, ": "].concat()} <code>{id.to_owned()}</code></p> }
    });
    let view = view! {
        <div class="door__problem" id=PROBLEM_ID role="alert">
            <p>{problem_sentence(context.language, problem)}</p>
            {id}
        </div>
    };
    Some(view.into_any())
}

/// Something that was done.
pub(super) fn done_box(text: String) -> AnyView {
    view! { <p class="door__done" role="status">{text}</p> }.into_any()
}

/// A text to be copied: a field that cannot be changed, since one that is reached by the keyboard is selected whole. It is shown once,
/// so the document opens at it.
pub(super) fn copy_field(id: &'static str, label: &'static str, hint: &'static str, text: String) -> AnyView {
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <p class="field__hint" id=[id, "-hint"].concat()>
                {hint}
            </p>
            <input
                class="input input--copy"
                id=id
                type="text"
                readonly
                autofocus
                value=text
                autocomplete="off"
                aria-describedby=[id, "-hint"].concat()
            />
        </div>
    }
    .into_any()
}

/// A text to be typed elsewhere, so that all of it is seen.
pub(super) fn whole_text(id: &'static str, label: &'static str, hint: &'static str, text: String) -> AnyView {
    view! {
        <div class="field">
            <p class="field__label">{label}</p>
            <p class="field__hint">{hint}</p>
            <code class="input input--copy input--whole" id=id>
                {text}
            </code>
        </div>
    }
    .into_any()
}

/// A choice of a few.
pub(super) fn choose(
    id: String,
    name: &'static str,
    label: String,
    is_label_seen: bool,
    options: Vec<(String, String, bool)>,
) -> AnyView {
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, text, is_chosen)| view! { <option value=value selected=is_chosen>{text}</option> })
        .collect();
    view! {
        <div class="field">
            <label class=if is_label_seen { "field__label" } else { "sr-only" } for=id.clone()>
                {label}
            </label>
            <select class="input" id=id name=name>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// A moment, in UTC: the server does not know the reader's zone.
pub(super) fn time(at_ms: u64) -> AnyView {
    let text = [&format::date(at_ms, 0), " ", &format::minute(at_ms, 0), " UTC"].concat();
    view! { <time class="number" datetime=format::iso(at_ms)>{text}</time> }.into_any()
}

/// A fact of a row: its name, and its value.
pub(super) fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! {
        <div class="row__fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// The texts that every document shares.
pub(super) fn shared(context: &DoorContext) -> &'static SharedWords {
    SharedWords::of(context.language)
}

/// A section under its own heading.
pub(super) fn section(
    context: &DoorContext,
    id: &'static str,
    title: &'static str,
    problem: Option<&FormProblem>,
    body: AnyView,
) -> AnyView {
    let heading = [id, "-title"].concat();
    view! {
        <section class="card door__section" id=id aria-labelledby=heading>
            <h2 id=heading.clone()>{title}</h2>
            {problem_box(context, problem)}
            {body}
        </section>
    }
    .into_any()
}

/// The number of a row that a form is about.
pub(super) fn row_id(id: u64) -> AnyView {
    hidden("id", id.to_string())
}

/// Encodes a value of a query (RFC 3986 §2.1): every byte but the unreserved ones.
pub(super) fn percent_encoded(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}
