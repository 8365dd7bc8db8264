//! A page whose code is a chunk: what every page has of it.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    first_paint,
    i18n::Words,
    lazy::LazyChunk,
    live::effect,
    widgets::{ErasedView, IntoErasedView, skeleton},
};

/// The page of this name that comes as a chunk, in a box of the chunk's name. `coming` is shown until it is here.
pub(super) fn lazy_page(name: &'static str, chunk: &'static str, coming: fn() -> ErasedView) -> ErasedView {
    let (words, lazy) = (Words::here(), LazyChunk::of(chunk));
    effect(move || lazy.fetch(Box::new(|_| ())));
    view! {
        <Title text=first_paint::title(move || [name, " · ", words.product].concat()) />
        <div class=chunk>{lazy.view(coming, LazyChunk::missing)}</div>
    }
    .erase()
}

/// Its heading, above grey cards.
pub(super) fn heading_and_cards(name: &'static str, cards: &[&'static str]) -> ErasedView {
    view! {
        <h1>{name}</h1>
        {skeleton(cards)}
    }
    .erase()
}
