//! The panel, and the button that opens it.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::{Chat, close::close, door_words::ChatDoorWords, load::inside};
use crate::widgets::{Icon, IntoErasedView, click, flag, icon, keys, text, when};

/// In the top bar; it says how much is unread.
#[component]
pub(crate) fn ChatButton() -> impl IntoView {
    let (chat, words) = (Chat::here(), ChatDoorWords::here());
    let label = move || (words.unread)(chat.unread());
    let badge = move || {
        let count = text(move || count(chat.unread()));
        view! { <span class="bell__count number" aria-hidden="true">{count}</span> }.fresh()
    };
    view! {
        <button
            type="button"
            class="icon-button bell needs-js"
            data-testid="chat-button"
            node_ref=chat.button
            aria-label=text(label)
            title=text(label)
            aria-keyshortcuts="c"
            aria-expanded=text(move || chat.open.get().to_string())
            aria-controls="chat"
            on:click=click(move || chat.show(!chat.open.peek()))
        >
            {icon(Icon::CHAT)}
            {when(move || chat.unread() > 0, badge)}
        </button>
    }
    .erase()
}

/// Closed on the server; the browser knows whether it was open.
#[component]
pub(crate) fn ChatPanel() -> impl IntoView {
    let (chat, words) = (Chat::here(), ChatDoorWords::here());
    let on_key = move |event: &KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close(chat);
        }
    };
    view! {
        <aside
            class="chat"
            id="chat"
            data-testid="chat"
            aria-label=words.chat
            hidden=flag(move || !chat.open.get())
            on:keydown=keys(on_key)
        >
            {when(move || chat.open.get(), inside)}
        </aside>
    }
    .erase()
}

/// Formats the count for the little room of a badge.
pub(super) fn count(unread: usize) -> String {
    if unread > 99 { "99+".to_owned() } else { unread.to_string() }
}
