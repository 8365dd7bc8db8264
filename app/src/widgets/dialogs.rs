//! What stands in the dialogs. It comes when one is opened for the first time.

use leptos::prelude::*;

use super::{
    finder::answers,
    part::{IntoPart, Part},
    shortcuts::keys,
};
use crate::{
    pieces::{Content, Piece},
    words::Words,
};

pub(crate) static FINDER: Content = Content { view: answers, rest: &() };
pub(crate) static KEYS: Content = Content { view: keys, rest: &() };

/// A dialog's piece, or what is to be said as long as it is not there.
pub(super) fn body(piece: Piece) -> Part {
    piece.fetch(Box::new(|_| ()));
    piece.view(coming, Piece::missing).fresh()
}

fn coming() -> Part {
    view! { <p class="dialog__arrival" role="status">{Words::here().loading} "…"</p> }.fresh()
}
