//! The containers of the host: what runs, what died and why, live. Here is what every page has of it; the rest is a piece.

mod board;
mod door_words;
mod health;
mod list;
mod read;
mod search;
mod sort;
mod table;
mod timeline;
mod view;
mod words;

use leptos::prelude::*;
use leptos_meta::Title;

pub(crate) use door_words::ContainersDoorWords;

use super::page::{Page, Route};
use crate::{
    first_paint,
    i18n::Words,
    lazy::{ChunkContent, LazyChunk},
    live::effect,
    widgets::{Commands, ErasedView, Icon, IntoErasedView, skeleton},
};

/// The piece.
pub(crate) static CONTAINERS: ChunkContent = ChunkContent { view: view::view, rest: &() };

/// The page.
pub(super) const PAGE: Page = Page {
    route: Some(Route {
        paths: &["/containers"],
        name: |language| ContainersDoorWords::of(language).containers,
        icon: Icon::CONTAINERS,
        has_trends: false,
        view: page,
    }),
    shortcuts: &[],
};

/// None: the palette has the way to each page already.
pub(super) fn commands(_: &mut Commands) {}

fn page() -> ErasedView {
    let (words, name, piece) =
        (Words::here(), ContainersDoorWords::here().containers, LazyChunk::of("containers"));
    effect(move || piece.fetch(Box::new(|_| ())));
    view! {
        <Title text=first_paint::title(move || [name, " · ", words.product].concat()) />
        <div class="containers">{piece.view(coming, LazyChunk::missing)}</div>
    }
    .erase()
}

fn coming() -> ErasedView {
    view! {
        <h1>{ContainersDoorWords::here().containers}</h1>
        {skeleton(&["containers"])}
    }
    .erase()
}
