//! Loads the chat when the panel is opened for the first time, and after that whenever a page has come to life.

use leptos::prelude::*;

use super::{Chat, panel::close_button};
use crate::{
    i18n::Words,
    lazy::ChunkContent,
    ports::Browser,
    widgets::{ErasedView, IntoErasedView, click},
};

/// The rest of the chat, as the page calls it.
pub(super) struct ChatCalls {
    /// Takes up what this browser has kept.
    pub(super) begin: fn(Chat, &Browser),
    /// Opens the panel in the room at this place among all rooms, or in the one the reader is in.
    pub(super) open: fn(Chat, Option<usize>),
    /// Closes the panel.
    pub(super) close: fn(Chat),
}

impl Chat {
    /// The rest, where it is here.
    pub(super) fn rest(self) -> Option<&'static ChatCalls> {
        self.piece.here().and_then(|content| content.rest.downcast_ref())
    }
}

/// Renders the contents of the panel, or a message until they are loaded.
pub(super) fn inside() -> ErasedView {
    let chat = Chat::here();
    fetch(chat);
    chat.piece.view(coming, |_| missing()).fresh()
}

/// Asks for the rest, and lets it begin.
pub(super) fn fetch(chat: Chat) {
    if let Some(browser) = chat.browser.get() {
        let begin = move |content: &'static ChunkContent| {
            if let Some(rest) = content.rest.downcast_ref::<ChatCalls>() {
                (rest.begin)(chat, &browser);
            }
        };
        chat.piece.fetch(Box::new(begin));
    }
}

fn coming() -> ErasedView {
    view! {
        {head()}
        <p class="chat__arrival" role="status">{Words::here().loading} "…"</p>
    }
    .fresh()
}

fn missing() -> ErasedView {
    let (chat, words) = (Chat::here(), Words::here());
    view! {
        {head()}
        <div class="chat__arrival" role="alert" data-testid="chat-missing">
            <p>{words.chat.missing}</p>
            <button type="button" class="button" on:click=click(move || fetch(chat))>
                {words.try_again}
            </button>
        </div>
    }
    .fresh()
}

fn head() -> ErasedView {
    let (chat, words) = (Chat::here(), &Words::here().chat);
    view! {
        <header class="chat__head">
            <h2 class="chat__title">{words.chat}</h2>
            {close_button(chat)}
        </header>
    }
    .fresh()
}
