//! The pages. Each folder is one page; what a page shows is in its cards.

mod chat;
mod lab;
mod not_found;
mod overview;
mod routes;

pub(crate) use chat::{CHAT, Chat, ChatButton, ChatPanel};
pub(crate) use lab::LAB;
pub(crate) use overview::{BODIES, CARDS, Overview};
pub(crate) use routes::Elsewhere;
