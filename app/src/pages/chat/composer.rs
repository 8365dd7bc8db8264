//! Where messages are written.

use common::chat::ChatText;
use leptos::{ev::KeyboardEvent, prelude::*};
use web_sys::HtmlTextAreaElement;

use super::{Chat, presence::isolated};
use crate::{
    live::effect,
    widgets::{Icon, IntoPart, Part, Place, change, click, hear, icon, text},
    words::Words,
};

pub(super) fn composer() -> Part {
    let (chat, words) = (Chat::here(), &Words::here().chat);
    let field = Place::new();
    let send = move || {
        let Some(field) = field.peek::<HtmlTextAreaElement>() else { return };
        let said = ChatText::tidied(&field.value());
        let _ = field.focus();
        if said.parse::<ChatText>().is_ok() {
            field.set_value("");
            chat.draft.set(String::new());
            chat.scrolled.set(false);
            chat.say(said);
            chat.typed(false);
        }
    };
    let on_key = move |event: &KeyboardEvent| {
        // While an input method composes (Hangul, say), Enter ends a syllable; some browsers tell it by the code only.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            send();
        }
    };
    let on_input = move || {
        let said = field.peek::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
        chat.typed(!said.trim().is_empty());
        chat.draft.set(said);
    };
    effect(move || {
        if let Some(field) = field.get::<HtmlTextAreaElement>() {
            field.set_value(&chat.draft.get());
            let _ = field.focus();
        }
    });
    view! {
        <div class="composer">
            <textarea
                node_ref=field
                class="composer__field"
                data-testid="chat-field"
                rows="1"
                dir="auto"
                maxlength="4000"
                enterkeyhint="send"
                aria-label=words.message
                title=words.keys
                placeholder=text(move || (words.say_in)(&isolated(chat.here.get().as_str())))
                on:keydown=hear(on_key)
                on:input=change(on_input)
            ></textarea>
            <button
                type="button"
                class="icon-button composer__send"
                data-testid="chat-send"
                aria-label=words.send
                title=words.keys
                on:click=click(send)
            >
                {icon(Icon::SEND)}
            </button>
        </div>
    }
    .fresh()
}
