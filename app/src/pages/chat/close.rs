//! Closes the panel, and the button that does.

use leptos::prelude::*;
use web_sys::HtmlElement;

use super::{Chat, door_words::ChatDoorWords};
use crate::widgets::{ErasedView, Icon, IntoErasedView, click, icon};

/// At the end of the panel's head, whatever else stands in it.
pub(super) fn close_button(chat: Chat) -> ErasedView {
    let words = ChatDoorWords::here();
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid="chat-close"
            aria-label=words.close
            title=words.close
            on:click=click(move || close(chat))
        >
            {icon(Icon::CLOSE)}
        </button>
    }
    .fresh()
}

/// The focus goes back to the button that opens it again.
pub(super) fn close(chat: Chat) {
    chat.show(false);
    if let Some(button) = chat.button.peek::<HtmlElement>() {
        let _ = button.focus();
    }
}
