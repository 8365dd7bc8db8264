//! Parts that probes and targets share: how one is paused, changed and removed.

use leptos::prelude::*;

use super::{
    context::DoorContext,
    field::Field,
    form::{asks_once, button, danger_button, done_box, form, hidden, row_id},
    words::SourceWords,
};
use crate::format;

/// Something that was done with a probe or a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceDone {
    /// It is as the form says.
    Saved,
    /// It is gone.
    Removed,
}

/// The addresses of the forms of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourcePaths {
    pub(super) page: &'static str,
    pub(super) pause: &'static str,
    pub(super) remove: &'static str,
}

/// Says what was done.
pub(super) fn done(context: &DoorContext, done: Option<SourceDone>) -> Option<AnyView> {
    let words = SourceWords::of(context.language);
    done.map(|done| {
        let text = match done {
            SourceDone::Saved => words.saved,
            SourceDone::Removed => words.removed,
        };
        done_box(text.to_owned())
    })
}

/// The buttons of a row.
pub(super) fn acts(context: &DoorContext, of: SourcePaths, id: u64, name: &str, is_paused: bool) -> AnyView {
    let words = SourceWords::of(context.language);
    let named = |word: &str| Some([word, ": ", name].concat());
    let (switch, to) = if is_paused { (words.go_on, "on") } else { (words.pause, "off") };
    let fields = view! { {row_id(id)} {hidden("to", to.to_owned())} {button(switch, named(switch))} };
    let pause = form(context, of.pause, "door__act", fields.into_any());
    let fields = view! { {row_id(id)} {danger_button(words.remove, None)} };
    let remove = form(context, of.remove, "door__act", fields.into_any());
    let change = [of.page, "?edit=", &id.to_string(), "#form"].concat();
    view! {
        <div class="row__act">
            <a class="button" href=context.href(&change) aria-label=named(words.change)>
                {words.change}
            </a>
            {pause}
            {asks_once(words.remove, named(words.remove).unwrap_or_default(), words.remove_hint.to_owned(), remove)}
        </div>
    }
    .into_any()
}

/// A field for a short text that may be left empty.
pub(super) fn optional(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    hint: Option<&str>,
    value: &str,
) -> Field {
    Field {
        id,
        name,
        label,
        hint: hint.map(str::to_owned),
        value: value.to_owned(),
        autocomplete: "off",
        is_optional: true,
        ..Field::default()
    }
}

/// A field for a number.
pub(super) fn number(id: &'static str, name: &'static str, label: &'static str, value: &str) -> Field {
    Field { inputmode: Some("decimal"), max_chars: Some(8), ..optional(id, name, label, None, value) }
}

/// A length of time that is short.
pub(super) fn milliseconds(ms: f64) -> String {
    [&format::fixed(ms, if ms < 10.0 { 1 } else { 0 }), " ms"].concat()
}

/// A box to be ticked.
pub(super) fn tick(id: &'static str, name: &'static str, label: &'static str, is_ticked: bool) -> AnyView {
    view! {
        <p class="door__tick">
            <input type="checkbox" id=id name=name value="on" checked=is_ticked />
            <label for=id>{label}</label>
        </p>
    }
    .into_any()
}
