//! One field that reaches every page, card and action. The field is in the page from the start, so that it has the focus at once and
//! nothing that is typed goes elsewhere; the answers come in a piece, and take what was pressed before they were there.

use leptos::{ev::KeyboardEvent, prelude::*};
use web_sys::HtmlInputElement;

use super::{
    Icon,
    dialog::Dialog,
    dialogs,
    erased_view::{ElementRef, ErasedView, IntoErasedView, change, keys, text},
    icon,
    overlays::{Finder, Overlays, Press},
};
use crate::{i18n::Words, lazy::LazyChunk, live::effect};

#[component]
pub(crate) fn Palette() -> impl IntoView {
    let open = Overlays::here().palette;
    view! { <Dialog open class="dialog dialog--palette" label=Words::here().palette body=field /> }
}

/// The field of a combobox with a list, as WAI-ARIA APG describes it.
fn field() -> ErasedView {
    let words = Words::here();
    let Finder { query, chosen, pressed } = Overlays::here().finder;
    query.set(String::new());
    chosen.set(0);
    pressed.set(Vec::new());
    let field = ElementRef::new();
    effect(move || {
        if let Some(field) = field.get::<HtmlInputElement>() {
            let _ = field.focus();
        }
    });
    let on_key = move |event: &KeyboardEvent| {
        let press = match event.key().as_str() {
            "ArrowDown" => Press::Down,
            "ArrowUp" => Press::Up,
            "Enter" => Press::Take,
            _ => return,
        };
        event.prevent_default();
        pressed.update(|pressed| pressed.push(press));
    };
    let on_input = move || {
        chosen.set(0);
        query.set(field.peek::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default());
    };
    view! {
        <div class="palette__head">
            {icon(Icon::SEARCH)}
            <input
                node_ref=field
                class="palette__field"
                type="text"
                role="combobox"
                autofocus=true
                autocomplete="off"
                spellcheck="false"
                aria-expanded="true"
                aria-controls="answers"
                aria-activedescendant=text(move || ["answer-", &chosen.get().to_string()].concat())
                aria-label=words.palette
                placeholder=words.palette_hint
                on:input=change(on_input)
                on:keydown=keys(on_key)
            />
        </div>
        {dialogs::body(LazyChunk::of("finder"))}
    }
    .fresh()
}
