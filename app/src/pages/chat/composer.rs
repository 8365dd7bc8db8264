//! The form in which messages are written.

use common::chat::ChatText;
use leptos::{ev::KeyboardEvent, prelude::*};
use web_sys::HtmlTextAreaElement;

use super::words::ChatWords;
use super::{Chat, presence::isolated};
use crate::{
    live::{Cell, effect},
    widgets::{ElementRef, ErasedView, Icon, IntoErasedView, change, click, flag, icon, keys, text},
};

pub(super) fn composer() -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    let (field, surplus) = (ElementRef::new(), Cell::new(0_usize));
    let measure = move |said: &str| {
        let over = surplus_of(said);
        if over != surplus.peek() {
            surplus.set(over);
        }
    };
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
        if event.key() == "Enter" && !event.shift_key() {
            event.prevent_default();
            send();
        }
    };
    let on_input = move || {
        let said = field.peek::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
        chat.typed(!said.trim().is_empty());
        measure(&said);
        chat.draft.set(said);
    };
    effect(move || {
        if let Some(field) = field.get::<HtmlTextAreaElement>() {
            let draft = chat.draft.get();
            measure(&draft);
            field.set_value(&draft);
            let _ = field.focus();
        }
    });
    let too_long = move || {
        let over = surplus.get();
        if over == 0 { String::new() } else { (words.too_many)(over) }
    };
    view! {
        <p class="composer__over" id="chat-over" role="status" data-testid="chat-over">{text(too_long)}</p>
        <div class="composer">
            <textarea
                node_ref=field
                class="composer__field"
                data-testid="chat-field"
                rows="1"
                dir="auto"
                enterkeyhint="send"
                aria-label=words.message
                aria-describedby="chat-over"
                aria-invalid=text(move || (surplus.get() > 0).to_string())
                title=words.keys
                placeholder=text(move || (words.say_in)(&isolated(chat.here.get().as_str())))
                on:keydown=keys(on_key)
                on:input=change(on_input)
            ></textarea>
            <button
                type="button"
                class="icon-button composer__send"
                data-testid="chat-send"
                aria-label=words.send
                title=words.keys
                disabled=flag(move || surplus.get() > 0)
                on:click=click(send)
            >
                {icon(Icon::SEND)}
            </button>
        </div>
    }
    .fresh()
}

/// Counts the characters above the limit. What is pasted is kept whole: whoever wrote it decides what goes.
fn surplus_of(text: &str) -> usize {
    // A character has at least a byte.
    if text.len() <= ChatText::LONGEST {
        return 0;
    }
    ChatText::tidied(text).chars().count().saturating_sub(ChatText::LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_counted_as_the_server_counts() {
        for (text, over) in [
            (String::new(), 0),
            ("x".repeat(4000), 0),
            ("x".repeat(4494), 494),
            ("한".repeat(4000), 0),
            ("👩".repeat(4001), 1),
            (["x".repeat(4000).as_str(), "\r\n \n"].concat(), 0),
        ] {
            assert_eq!(surplus_of(&text), over, "{}", text.len());
            assert_eq!(
                over > 0,
                ChatText::tidied(&text).parse::<ChatText>() == Err(common::chat::BadText::TooLong)
            );
        }
    }
}
