//! The chat: a panel that opens beside any page.

mod announced;
mod ask;
mod body;
mod close;
mod commands;
mod composer;
mod door_words;
mod follow;
mod guard;
mod life;
mod links;
mod list;
mod load;
mod memory;
mod panel;
mod presence;
mod room;
mod sending;
mod state;
mod switch;
mod unsent;
mod words;

pub(super) use commands::commands;
pub(crate) use life::CHAT;
pub(crate) use panel::{ChatButton, ChatPanel};
pub(crate) use state::Chat;

use super::page::{Page, Shortcut};
use door_words::ChatDoorWords;

/// The panel.
pub(super) const PAGE: Page = Page {
    route: None,
    shortcuts: &[Shortcut {
        key: "C",
        meaning: |language| ChatDoorWords::of(language).open,
        act: || Chat::here().show(true),
    }],
};
