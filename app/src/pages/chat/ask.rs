//! A field that asks for one word: a name, a room.

use leptos::{ev::KeyboardEvent, prelude::*};
use web_sys::HtmlInputElement;

use super::words::ChatWords;
use crate::{
    live::{Cell, effect},
    widgets::{ElementRef, ErasedView, IntoErasedView, change, click, keys, text},
};

/// A question to the reader, and the action on the answer.
pub(super) struct Ask {
    /// For tests and the hint.
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// The initial text of the field.
    pub(super) value: String,
    pub(super) button: &'static str,
    /// Takes the answer; false if it is none, which the hint then says in the colour of an error.
    pub(super) take: Box<dyn Fn(&str) -> bool>,
    /// The action on leaving without an answer; none if the question must be answered.
    pub(super) cancel: Option<Box<dyn Fn()>>,
}

pub(super) fn ask(ask: Ask) -> ErasedView {
    let Ask { id, label, hint, value, button, take, cancel } = ask;
    let (field, bad) = (ElementRef::new(), Cell::new(false));
    let take = StoredValue::new_local(take);
    let answer = move || {
        let said = field.peek::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
        // It may be gone once it is answered.
        if !take.with_value(|take| take(&said)) && !bad.is_gone() {
            bad.set(true);
            focus(field);
        }
    };
    let on_key = move |event: &KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            answer();
        }
    };
    effect(move || {
        field.track();
        focus(field);
    });
    let hint_id = ["hint-", id].concat();
    let described = hint_id.clone();
    let cancel = cancel.map(|cancel| {
        view! {
            <button type="button" class="button" on:click=click(cancel)>
                {ChatWords::here().cancel}
            </button>
        }
        .fresh()
    });
    view! {
        <div class="ask" data-bad=text(move || bad.get().to_string())>
            <label class="ask__label" for=id>{label}</label>
            <input
                node_ref=field
                class="ask__field"
                id=id
                data-testid=id
                type="text"
                autocomplete="off"
                spellcheck="false"
                prop:value=value
                aria-describedby=described
                aria-invalid=text(move || bad.get().to_string())
                on:keydown=keys(on_key)
                on:input=change(move || bad.set(false))
            />
            <p class="ask__hint" id=hint_id role="status">{hint}</p>
            <div class="ask__foot">
                {cancel}
                <button type="button" class="button button--main" on:click=click(answer)>
                    {button}
                </button>
            </div>
        </div>
    }
    .fresh()
}

fn focus(field: ElementRef) {
    if let Some(field) = field.peek::<HtmlInputElement>() {
        let _ = field.focus();
    }
}
