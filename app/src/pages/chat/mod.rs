//! The chat: a panel that opens beside any page.

mod announced;
mod ask;
mod body;
mod close;
mod composer;
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

pub(crate) use life::CHAT;
pub(crate) use panel::{ChatButton, ChatPanel};
pub(crate) use state::Chat;
