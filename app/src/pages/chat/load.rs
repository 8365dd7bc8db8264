//! The contents of the panel, which are loaded when it is opened for the first time, and after that whenever a page has come to life.

use leptos::prelude::*;

use super::{Chat, close::close_button, door_words::ChatDoorWords};
use crate::{
    i18n::Words,
    widgets::{ErasedView, IntoErasedView, click},
};

/// Renders the contents of the panel, or a message until they are loaded.
pub(super) fn inside() -> ErasedView {
    let chat = Chat::here();
    chat.fetch();
    chat.piece.view(coming, |_| missing()).fresh()
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
            <p>{ChatDoorWords::here().missing}</p>
            <button type="button" class="button" on:click=click(move || chat.fetch())>
                {words.try_again}
            </button>
        </div>
    }
    .fresh()
}

fn head() -> ErasedView {
    let (chat, words) = (Chat::here(), ChatDoorWords::here());
    view! {
        <header class="chat__head">
            <h2 class="chat__title">{words.chat}</h2>
            {close_button(chat)}
        </header>
    }
    .fresh()
}
