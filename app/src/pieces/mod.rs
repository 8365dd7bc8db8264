//! What comes in a file of its own, when it is needed for the first time: most who look at their machines never chat and measure
//! no transports, and the page is there sooner without that. In a build that leaves the WebAssembly in one piece it is
//! there already. Each piece is a line in both sides.

#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

use std::any::Any;

use leptos::{prelude::use_context, task::spawn_local};

use crate::{
    live::{Slot, Trouble},
    ports::{Browser, FetchError, LocalFuture},
    widgets::{IntoPart, Live, Part, live, trouble_page},
};

pub(crate) use side::{chat, exports, finder, keys, lab};

/// What has come. It has one type for all pieces, so that how they come is in the page once.
pub(crate) struct Content {
    /// What stands in its place.
    pub(crate) view: fn() -> Part,
    /// What else the page calls of it.
    pub(crate) rest: &'static (dyn Any + Send + Sync),
}

/// It, on its way; nothing where it does not come.
pub(crate) type Coming = LocalFuture<Option<&'static Content>>;

/// A piece of the page, as those hold it who need it.
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    load: fn() -> Coming,
    arrival: Slot<Arrival>,
}

/// How far it has come.
#[derive(Clone, Copy)]
enum Arrival {
    Coming,
    Here(&'static Content),
    /// The line is broken, or the server is of another build by now. The console has the browser's word on it.
    Missing,
}

impl Piece {
    /// Nobody has asked for it yet.
    pub(crate) fn new(load: fn() -> Coming) -> Self {
        Self { load, arrival: Slot::new(Arrival::Coming) }
    }

    /// It, where it is here.
    pub(crate) fn here(self) -> Option<&'static Content> {
        match self.arrival.look(|arrival| *arrival) {
            Some(Arrival::Here(content)) => Some(content),
            _ => None,
        }
    }

    /// Asks for it, unless it is here; `begin` is called once, before it is shown.
    pub(crate) fn fetch(self, begin: Box<dyn FnOnce(&'static Content)>) {
        if self.here().is_some() {
            return;
        }
        self.arrival.set(Arrival::Coming);
        spawn_local(async move {
            let come = (self.load)().await;
            // Asked for once more while it was on its way, it comes twice.
            if self.here().is_some() {
                return;
            }
            if let Some(content) = come {
                begin(content);
            }
            self.arrival.set(come.map_or(Arrival::Missing, Arrival::Here));
        });
    }

    /// It, or what is to be said as long as it is not there.
    pub(crate) fn view(self, coming: fn() -> Part, missing: fn(Self) -> Part) -> Live {
        live(move || match self.arrival.get() {
            Arrival::Here(content) => (content.view)(),
            Arrival::Coming => coming(),
            Arrival::Missing => missing(self),
        })
    }

    /// What `show` makes of it, once it is here; tracked.
    pub(crate) fn show(self, show: Box<dyn Fn(&'static Content) -> Option<Part> + Send>) -> Live {
        live(move || {
            let here = match self.arrival.get() {
                Arrival::Here(content) => show(content),
                Arrival::Coming => None,
                Arrival::Missing => Some(self.missing()),
            };
            here.unwrap_or_else(|| ().part())
        })
    }

    /// Does something with it, once it has come, or has not.
    pub(crate) fn then(self, act: Box<dyn FnOnce(Option<&'static Content>)>) {
        if let Some(content) = self.here() {
            return act(Some(content));
        }
        spawn_local(async move {
            let come = (self.load)().await;
            if let Some(content) = come {
                self.arrival.set(Arrival::Here(content));
            }
            act(come);
        });
    }

    /// What is to be said where it does not come and nothing has to begin with it.
    pub(crate) fn missing(self) -> Part {
        let now = use_context::<Browser>().map_or(0.0, |browser| browser.now());
        let trouble = Trouble::of(FetchError { status: 0, reason: None, message: String::new() }, now);
        trouble_page(&trouble, move || self.fetch(Box::new(|_| ())))
    }
}
