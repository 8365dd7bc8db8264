//! Hosts that come, and hosts that go.

use common::door::paths;
use leptos::prelude::*;

use crate::door::{
    context::DoorContext,
    form::{choose, copy_field, danger_button, form, main_button, section},
    words::HostWords,
};

/// The way to add a host.
pub(super) fn add(context: &DoorContext, line: Option<String>) -> AnyView {
    let words = HostWords::of(context.language);
    let line = line.map(|line| copy_field("host-line", words.line, words.line_hint, line));
    let fields = view! { {main_button(words.make_code)} };
    let body = view! {
        <p class="field__hint">{words.add_hint}</p>
        {line}
        {form(context, paths::HOSTS_CODE, "door__form", fields.into_any())}
    };
    section(context, "add", words.add, None, body.into_any())
}

/// The way to remove one of these agents' hosts: some hundred of them are one list to choose from.
pub(super) fn remove(context: &DoorContext, agents: Vec<(u64, String)>) -> Option<AnyView> {
    if agents.is_empty() {
        return None;
    }
    let words = HostWords::of(context.language);
    let options = agents
        .into_iter()
        .enumerate()
        .map(|(index, (number, name))| (number.to_string(), name, index == 0))
        .collect();
    let fields = view! {
        {choose("host-remove".into(), "id", words.host.into(), true, options)}
        <details class="once">
            <summary class="button">{words.remove}</summary>
            <div class="once__body">
                <p>{words.remove_hint}</p>
                {danger_button(words.remove, None)}
            </div>
        </details>
    };
    let form = form(context, paths::HOSTS_REMOVE, "door__filter", fields.into_any());
    Some(section(context, "remove", words.remove_heading, None, form))
}
