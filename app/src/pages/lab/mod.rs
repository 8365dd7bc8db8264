//! The lab: what the transports are, seen and measured on the reader's own network. Here is what every page has of it; the rest is a
//! piece, and `tabs` in that piece lists the pages of the lab.

mod compare;
mod connections;
mod doctor;
mod offset;
mod tabs;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use crate::{
    i18n::Words,
    lazy::{ChunkContent, LazyChunk},
    live::effect,
    widgets::{ErasedView, IntoErasedView, skeleton},
};

/// The piece.
pub(crate) static LAB: ChunkContent = ChunkContent { view: tabs::view, rest: &() };

/// The addresses of its pages, and the cards of each, for the skeleton.
const PAGES: [(&str, &[&str]); 3] =
    [("/lab", &["controls", "lanes"]), ("/lab/connections", &["connections"]), ("/lab/doctor", &["checks"])];

/// Returns true if the path is that of one of the lab's pages.
pub(super) fn has(path: &str) -> bool {
    cards(path).is_some()
}

pub(super) fn page() -> ErasedView {
    let (words, piece) = (Words::here(), LazyChunk::of("lab"));
    effect(move || piece.fetch(Box::new(|_| ())));
    view! {
        <Title text=[words.lab, " · ", words.product].concat() />
        <div class="lab">{piece.view(coming, LazyChunk::missing)}</div>
    }
    .erase()
}

/// The cards of the page at this address; none where there is no page.
fn cards(path: &str) -> Option<&'static [&'static str]> {
    PAGES.iter().find(|page| page.0 == path).map(|page| page.1)
}

fn coming() -> ErasedView {
    let path = use_location().pathname.get_untracked();
    view! {
        <h1>{Words::here().lab}</h1>
        {skeleton(cards(&path).unwrap_or_default())}
    }
    .erase()
}
