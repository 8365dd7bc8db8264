//! What only those need who chat comes when the panel is opened for the first time, and after that whenever a page has come to
//! life: most who look at their machines never chat, and the page is there sooner without it. In a build that leaves the
//! WebAssembly in one piece it is there already.

#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

use leptos::{prelude::*, task::spawn_local};

use super::{Chat, panel::close_button};
use crate::{
    ports::Browser,
    widgets::{IntoPart, Part, click, live},
    words::Words,
};

/// The rest of the chat, as the page calls it.
pub(super) struct Rest {
    /// Takes up what this browser has kept.
    pub(super) begin: fn(Chat, &Browser),
    /// Opens the panel in the room at this place among all rooms, or in the one the reader is in.
    pub(super) open: fn(Chat, Option<usize>),
    /// Closes the panel.
    pub(super) close: fn(Chat),
    /// What stands in the panel.
    pub(super) view: fn() -> Part,
}

/// How far it has come.
#[derive(Clone, Copy)]
pub(super) enum Arrival {
    Coming,
    Here(&'static Rest),
    /// It did not come: the line is broken, or the server is of another build by now. The console has the browser's word on it.
    Missing,
}

/// What stands in the panel, or what is to be said as long as it is not there.
pub(super) fn inside() -> Part {
    let chat = Chat::here();
    if !is_here(chat) {
        fetch(chat);
    }
    live(move || match chat.arrival.get() {
        Arrival::Here(rest) => (rest.view)(),
        Arrival::Coming => coming(chat),
        Arrival::Missing => missing(chat),
    })
    .fresh()
}

/// Asks for the rest, and lets it begin.
pub(super) fn fetch(chat: Chat) {
    let Some(browser) = chat.browser.get() else { return };
    chat.arrival.set(Arrival::Coming);
    spawn_local(async move {
        let rest = side::load().await;
        // Opened while it was on its way, it was asked for twice.
        if is_here(chat) {
            return;
        }
        if let Some(rest) = rest {
            (rest.begin)(chat, &browser);
        }
        chat.arrival.set(rest.map_or(Arrival::Missing, Arrival::Here));
    });
}

fn is_here(chat: Chat) -> bool {
    chat.arrival.look(|arrival| matches!(arrival, Arrival::Here(_))).unwrap_or_default()
}

fn coming(chat: Chat) -> Part {
    view! {
        {head(chat)}
        <p class="chat__arrival" role="status">{Words::here().loading} "…"</p>
    }
    .fresh()
}

fn missing(chat: Chat) -> Part {
    let words = Words::here();
    view! {
        {head(chat)}
        <div class="chat__arrival" role="alert" data-testid="chat-missing">
            <p>{words.chat.missing}</p>
            <button type="button" class="button" on:click=click(move || fetch(chat))>
                {words.try_again}
            </button>
        </div>
    }
    .fresh()
}

fn head(chat: Chat) -> Part {
    let words = &Words::here().chat;
    view! {
        <header class="chat__head">
            <h2 class="chat__title">{words.chat}</h2>
            {close_button(chat)}
        </header>
    }
    .fresh()
}
