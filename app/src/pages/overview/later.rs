//! The bodies of the cards below the first view, and the tables below trends. They come in a chunk once the page has a connection; until
//! then they stand there as the server has rendered them.

use leptos::prelude::*;

use super::panel_feed::PanelFeed;
use crate::{
    lazy::{ChunkContent, LazyChunk},
    live::{CardFeed, Connection, effect},
    ports::LinkState,
    widgets::{ErasedView, Live, as_rendered},
};

/// The functions of the chunk that the cards call.
pub(super) struct Bodies {
    pub(super) instances: fn(PanelFeed) -> ErasedView,
    pub(super) shares: fn(PanelFeed) -> ErasedView,
    pub(super) usage: fn(PanelFeed) -> ErasedView,
    pub(super) values: fn(PanelFeed) -> ErasedView,
    pub(super) processes: fn(CardFeed) -> ErasedView,
}

/// Asks for the piece as soon as the page has a connection or knows that it has none. Each connection after that asks for a piece
/// that did not come: what cut the line may have cut the piece.
pub(super) fn bring() {
    let (piece, line) = (bodies(), Connection::here());
    let is_settled = Memo::new(move |_| match line.state() {
        LinkState::Idle | LinkState::Connecting => None,
        state => Some(state == LinkState::Live),
    });
    effect(move || {
        if is_settled.get().is_some() {
            piece.fetch(Box::new(|_| ()));
        }
    });
}

/// The body of a card.
pub(super) fn later(view: impl Fn(&'static Bodies) -> ErasedView + Send + 'static) -> Live {
    let show = move |content: &'static ChunkContent| content.rest.downcast_ref().map(&view);
    bodies().within("card__later", as_rendered, Box::new(show))
}

fn bodies() -> LazyChunk {
    LazyChunk::of("bodies")
}
