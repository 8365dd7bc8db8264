//! What stands in the dialogs. It comes when one is opened for the first time.

use leptos::prelude::*;

use super::{
    palette::finder,
    part::{IntoPart, Part},
    shortcuts::keys,
    trouble::trouble_page,
};
use crate::{
    live::Trouble,
    page::Page,
    pieces::{Content, Piece},
    ports::{Browser, FetchError},
    words::Words,
};

pub(crate) static FINDER: Content = Content { view: finder, rest: &() };
pub(crate) static KEYS: Content = Content { view: keys, rest: &() };

pub(super) fn finder_or_word() -> Part {
    let piece = Page::here().finder;
    fetch(piece);
    piece.view(coming, || missing(Page::here().finder)).fresh()
}

pub(super) fn keys_or_word() -> Part {
    let piece = Page::here().keys;
    fetch(piece);
    piece.view(coming, || missing(Page::here().keys)).fresh()
}

fn fetch(piece: Piece) {
    piece.fetch(Box::new(|_| ()));
}

fn coming() -> Part {
    view! { <p class="dialog__arrival" role="status">{Words::here().loading} "…"</p> }.fresh()
}

fn missing(piece: Piece) -> Part {
    let now = use_context::<Browser>().map_or(0.0, |browser| browser.now());
    let trouble = Trouble::of(FetchError { status: 0, message: String::new() }, now);
    trouble_page(&trouble, move || fetch(piece))
}
