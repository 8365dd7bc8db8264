//! A chunk of the page, as those hold it who need it.

use std::{any::Any, sync::Arc};

use leptos::{prelude::*, task::spawn_local};

use crate::{
    i18n::Words,
    live::{Cell, Trouble},
    parts,
    ports::{Browser, FetchError, LocalFuture},
    widgets::{ErasedView, IntoErasedView, Live, live, trouble_here, trouble_page},
};

/// The contents of a loaded chunk. It has one type for all pieces, so that how they come is in the page once.
pub(crate) struct ChunkContent {
    /// The view that the chunk renders.
    pub(crate) view: fn() -> ErasedView,
    /// The other functions of the chunk that the page calls.
    pub(crate) rest: &'static (dyn Any + Send + Sync),
}

/// It, on its way; nothing where it does not come.
pub(crate) type ChunkFuture = LocalFuture<Option<&'static ChunkContent>>;

/// The way to a chunk.
pub(crate) struct Door {
    pub(crate) name: &'static str,
    pub(crate) load: fn() -> ChunkFuture,
}

/// Every chunk of the page, as context: those who need one name it, and know nothing of its contents.
#[derive(Clone)]
struct Chunks(Arc<[LazyChunk]>);

/// Makes a view of a loaded chunk, or none.
type Show = Box<dyn Fn(&'static ChunkContent) -> Option<ErasedView> + Send>;

/// A piece of the page, as those hold it who need it.
#[derive(Clone, Copy)]
pub(crate) struct LazyChunk {
    door: &'static Door,
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

/// Provides the chunks behind these doors. `rendered` are those that the server has at hand: what it has rendered of them stands
/// in the page before they come to the browser.
pub(crate) fn provide_chunks(doors: &'static [Door], rendered: &[(&str, &'static ChunkContent)]) {
    let chunk = |door: &'static Door| {
        let at_hand = rendered.iter().find(|(name, _)| *name == door.name);
        let state = at_hand.map_or(LoadState::Coming, |(_, content)| LoadState::Here(content));
        LazyChunk { door, arrival: Cell::new(state) }
    };
    parts::share(Chunks(doors.iter().map(chunk).collect()));
}

impl LazyChunk {
    /// The chunk of this name.
    ///
    /// # Panics
    /// Outside of [`crate::App`], and where no door has the name.
    pub(crate) fn of(name: &str) -> Self {
        let Chunks(all) = parts::shared();
        *all.iter().find(|chunk| chunk.door.name == name).expect("a door in lazy/doors.rs")
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
            let come = (self.door.load)().await;
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
            let come = (self.door.load)().await;
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
    let now = use_context::<Browser>().map_or(0.0, |browser| browser.clock.now());
    Trouble::of(FetchError { status: 0, reason: None, message: String::new() }, now)
}
