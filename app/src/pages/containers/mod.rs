//! The containers of the host: what runs, what died and why, live. Here is what every page has of it; the rest is a piece.

mod board;
mod door_words;
mod health;
mod list;
mod one;
mod read;
mod search;
mod sort;
mod table;
mod timeline;
mod view;
mod words;

pub(crate) use door_words::ContainersDoorWords;

use super::{
    lazy_page::{heading_and_cards, lazy_page},
    page::{Page, Route},
};
use crate::{
    lazy::ChunkContent,
    widgets::{Commands, ErasedView, Icon},
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
    lazy_page(ContainersDoorWords::here().containers, "containers", coming)
}

fn coming() -> ErasedView {
    heading_and_cards(ContainersDoorWords::here().containers, &["containers"])
}
