//! The views that open above the page: the popovers of the badge and the bell, the menus of cards, and toasts. Their code comes in a
//! chunk once the page has a connection, or when one is opened before: most of it is needed where the server is out of reach.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    erased_view::{ErasedView, IntoErasedView, Live, when},
    menu_state::Open,
    skeleton::coming,
    tools::Tools,
};
use crate::{
    lazy::{ChunkContent, LazyChunk},
    live::{Cell, Connection, Notification, Notifications, Switch, effect},
    ports::{Browser, LinkState},
};

/// The functions of the chunk that the page calls.
pub(super) struct Popovers {
    pub(super) connection: fn() -> ErasedView,
    pub(super) notices: fn() -> ErasedView,
    pub(super) menu: fn(Open, Option<Tools>, Option<Switch>) -> ErasedView,
    pub(super) toast: fn(&Notification) -> ErasedView,
    /// Takes up the notices that the reader is sent.
    pub(super) begin: fn(Notifications, &Browser),
}

impl Popovers {
    pub(super) fn of(content: &'static ChunkContent) -> Option<&'static Self> {
        content.rest.downcast_ref()
    }
}

/// The chunk.
pub(super) fn popovers() -> LazyChunk {
    LazyChunk::of("popovers")
}

/// Asks for the piece as soon as the page has a connection: then nothing else waits for the network any more.
pub(super) fn bring() {
    let (piece, line) = (popovers(), Connection::here());
    let is_live = Memo::new(move |_| line.state() == LinkState::Live);
    effect(move || {
        if is_live.get() {
            piece.fetch(Box::new(|_| ()));
        }
    });
    // However it came.
    effect(move || {
        if let (Some(here), Some(browser)) = (piece.track().and_then(Popovers::of), use_context::<Browser>())
        {
            (here.begin)(Notifications::here(), &browser);
        }
    });
}

/// Returns a cell that `beforetoggle` sets. The browser can open a popover before the page hears of it: `open` finds it then.
pub(super) fn opened(open: &'static str) -> Cell<bool> {
    let opened = Cell::new(false);
    effect(move || {
        if document().query_selector(open).ok().flatten().is_some() {
            opened.set(true);
        }
    });
    opened
}

/// Renders the contents of a popover that is open. Before its code is there, a box of `class` says so.
pub(super) fn inside(
    is_open: Cell<bool>,
    class: &'static str,
    view: impl Fn(&'static Popovers) -> ErasedView + Send + Sync + 'static,
) -> Live {
    erased(is_open, class, Arc::new(view))
}

type View = Arc<dyn Fn(&'static Popovers) -> ErasedView + Send + Sync>;

fn erased(is_open: Cell<bool>, class: &'static str, view: View) -> Live {
    let piece = popovers();
    when(
        move || is_open.get(),
        move || {
            piece.fetch(Box::new(|_| ()));
            let view = view.clone();
            piece
                .within(class, coming, Box::new(move |content| Popovers::of(content).map(|it| view(it))))
                .fresh()
        },
    )
}
