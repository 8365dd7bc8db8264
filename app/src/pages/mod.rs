//! The pages. Each folder is one page; what a page shows is in its cards.

mod chat;
mod lab;
mod not_found;
mod overview;

pub(crate) use chat::{Chat, ChatButton, ChatPanel, REST as CHAT};
pub(crate) use lab::{LAB, Lab, LabPages};
pub(crate) use not_found::NotFound;
pub(crate) use overview::{CARDS, Overview};
