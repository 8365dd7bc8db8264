//! Loads chunks of the page when they are needed for the first time: most readers never chat and measure no
//! transports, and the page is live sooner without that code. In a build that leaves the WebAssembly in one piece it
//! is there already. Each piece is a line in both sides.

#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

use std::any::Any;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    i18n::Words,
    live::{Cell, Trouble},
    ports::{Browser, FetchError, LocalFuture},
    widgets::{ErasedView, IntoErasedView, Live, live, trouble_here, trouble_page},
};

pub(crate) use side::{bodies, chat, exports, finder, keys, lab, popovers};

/// The contents of a loaded chunk. It has one type for all pieces, so that how they come is in the page once.
pub(crate) struct ChunkContent {
    /// The view that the chunk renders.
    pub(crate) view: fn() -> ErasedView,
    /// The other functions of the chunk that the page calls.
    pub(crate) rest: &'static (dyn Any + Send + Sync),
}

/// It, on its way; nothing where it does not come.
pub(crate) type ChunkFuture = LocalFuture<Option<&'static ChunkContent>>;

/// Makes a view of a loaded chunk, or none.
type Show = Box<dyn Fn(&'static ChunkContent) -> Option<ErasedView> + Send>;

/// A piece of the page, as those hold it who need it.
#[derive(Clone, Copy)]
pub(crate) struct LazyChunk {
    load: fn() -> ChunkFuture,
    arrival: Cell<LoadState>,
}

/// The progress of loading.
#[derive(Clone, Copy)]
enum LoadState {
    Coming,
    Here(&'static ChunkContent),
    /// The line is broken, or the server is of another build by now. The console has the browser's word on it.
    Missing,
}

impl LazyChunk {
    /// Nobody has asked for it yet.
    pub(crate) fn new(load: fn() -> ChunkFuture) -> Self {
        Self { load, arrival: Cell::new(LoadState::Coming) }
    }

    /// One that the server has at hand: what it has rendered of it stands in the page before it comes to the browser.
    pub(crate) fn rendered(load: fn() -> ChunkFuture, at_hand: Option<&'static ChunkContent>) -> Self {
        Self { load, arrival: Cell::new(at_hand.map_or(LoadState::Coming, LoadState::Here)) }
    }

    /// It, where it is here.
    pub(crate) fn here(self) -> Option<&'static ChunkContent> {
        match self.arrival.look(|arrival| *arrival) {
            Some(LoadState::Here(content)) => Some(content),
            _ => None,
        }
    }

    /// It, where it is here; tracked.
    pub(crate) fn track(self) -> Option<&'static ChunkContent> {
        match self.arrival.get() {
            LoadState::Here(content) => Some(content),
            _ => None,
        }
    }

    /// Asks for it, unless it is here; `begin` is called once, before it is shown.
    pub(crate) fn fetch(self, begin: Box<dyn FnOnce(&'static ChunkContent)>) {
        if self.here().is_some() {
            return;
        }
        self.arrival.set(LoadState::Coming);
        spawn_local(async move {
            let come = (self.load)().await;
            // Asked for once more while it was on its way, it comes twice.
            if self.here().is_some() {
                return;
            }
            if let Some(content) = come {
                begin(content);
            }
            self.arrival.set(come.map_or(LoadState::Missing, LoadState::Here));
        });
    }

    /// It, or what is to be said as long as it is not there.
    pub(crate) fn view(self, coming: fn() -> ErasedView, missing: fn(Self) -> ErasedView) -> Live {
        live(move || match self.arrival.get() {
            LoadState::Here(content) => (content.view)(),
            LoadState::Coming => coming(),
            LoadState::Missing => missing(self),
        })
    }

    /// Renders the loaded chunk with `show`; tracked.
    pub(crate) fn show(self, show: Show) -> Live {
        live(move || {
            let here = match self.arrival.get() {
                LoadState::Here(content) => show(content),
                LoadState::Coming => None,
                LoadState::Missing => Some(self.missing()),
            };
            here.unwrap_or_else(|| ().erase())
        })
    }

    /// Renders the loaded chunk with `show`. Before it is loaded, renders `coming`; when it cannot be loaded, renders the
    /// trouble in a box of `class`. Tracked.
    pub(crate) fn within(
        self,
        class: &'static str,
        coming: fn(&'static str) -> ErasedView,
        show: Show,
    ) -> Live {
        live(move || match self.arrival.get() {
            LoadState::Here(content) => show(content).unwrap_or_else(|| ().erase()),
            LoadState::Coming => coming(class),
            LoadState::Missing => {
                let again = move || self.fetch(Box::new(|_| ()));
                let told = trouble_here(Words::here().not_loaded, &trouble(), again);
                view! { <div class=class>{told}</div> }.fresh()
            }
        })
    }

    /// Does something with it, once it has come, or has not.
    pub(crate) fn then(self, act: Box<dyn FnOnce(Option<&'static ChunkContent>)>) {
        if let Some(content) = self.here() {
            return act(Some(content));
        }
        spawn_local(async move {
            let come = (self.load)().await;
            if let Some(content) = come {
                self.arrival.set(LoadState::Here(content));
            }
            act(come);
        });
    }

    /// Renders the message for a chunk that cannot be loaded, with a button that tries again.
    pub(crate) fn missing(self) -> ErasedView {
        trouble_page(&trouble(), move || self.fetch(Box::new(|_| ())))
    }
}

fn trouble() -> Trouble {
    let now = use_context::<Browser>().map_or(0.0, |browser| browser.now());
    Trouble::of(FetchError { status: 0, reason: None, message: String::new() }, now)
}
