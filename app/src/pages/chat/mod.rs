//! The chat: a panel that opens beside any page.

mod ask;
mod body;
mod composer;
mod follow;
mod life;
mod links;
mod list;
mod load;
mod memory;
mod panel;
mod presence;
mod room;
mod state;
mod switch;
mod unsent;

pub(crate) use life::CHAT;
pub(crate) use panel::{ChatButton, ChatPanel};
pub(crate) use state::Chat;

use state::Guard;
