//! The field in which an operator gives the token that opens the list.

use leptos::{ev::KeyboardEvent, prelude::*};
use web_sys::HtmlInputElement;

use super::inspector::Inspector;
use super::words::ConnectionsWords;
use crate::{
    live::effect,
    widgets::{ElementRef, ErasedView, IntoErasedView, change, click, keys, text},
};

pub(super) fn locked(inspector: Inspector) -> ErasedView {
    let (words, field) = (ConnectionsWords::here(), ElementRef::new());
    let give = move || {
        let Some(field) = field.peek::<HtmlInputElement>() else { return };
        let token = field.value();
        if token.trim().is_empty() {
            let _ = field.focus();
        } else {
            inspector.unlock(token.trim());
        }
    };
    let on_key = move |event: &KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            give();
        }
    };
    effect(move || {
        field.track();
        if let Some(field) = field.peek::<HtmlInputElement>() {
            let _ = field.focus();
        }
    });
    let hint = move || if inspector.wrong.get() { words.token_wrong } else { words.token_hint };
    let bad = move || inspector.wrong.get().to_string();
    view! {
        <div class="ask connections__locked" data-bad=text(bad) data-testid="connections-locked">
            <label class="ask__label" for="operator-token">{words.token}</label>
            <input
                node_ref=field
                class="ask__field"
                id="operator-token"
                data-testid="operator-token"
                type="password"
                maxlength="512"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="operator-token-hint"
                aria-invalid=text(bad)
                on:keydown=keys(on_key)
                on:input=change(move || inspector.wrong.set(false))
            />
            <p class="ask__hint" id="operator-token-hint" role="status">{text(hint)}</p>
            <div class="ask__foot">
                <button type="button" class="button button--main" on:click=click(give)>
                    {words.token_give}
                </button>
            </div>
        </div>
    }
    .fresh()
}
