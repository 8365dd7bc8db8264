//! The pages. Each folder is one page; what a page shows is in its cards.

mod chat;
mod elsewhere;
mod lab;
mod not_found;
mod overview;

pub(crate) use chat::{CHAT, Chat, ChatButton, ChatPanel};
pub(crate) use elsewhere::Elsewhere;
pub(crate) use lab::LAB;
pub(crate) use overview::{CARDS, Overview};
