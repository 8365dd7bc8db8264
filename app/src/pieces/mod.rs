//! What comes in a file of its own, when it is needed for the first time: most who look at their machines never chat and measure
//! no transports, and the page is there sooner without that. In a build that leaves the WebAssembly in one piece it is
//! there already. Each piece is a line in both sides.

#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

use std::{any::Any, marker::PhantomData};

use leptos::task::spawn_local;

use crate::{
    live::Slot,
    ports::LocalFuture,
    widgets::{Live, Part, live},
};

pub(crate) use side::{chat, lab};

/// What has come, whatever it is: with one type for all, how it comes is in the page once.
pub(crate) type Content = &'static (dyn Any + Send + Sync);
/// It, on its way; nothing where it does not come.
pub(crate) type Coming = LocalFuture<Option<Content>>;

/// A piece of the page, as those hold it who need it.
pub(crate) struct Piece<T: 'static> {
    load: fn() -> Coming,
    arrival: Slot<Arrival>,
    of: PhantomData<fn() -> T>,
}

/// How far it has come.
#[derive(Clone, Copy)]
enum Arrival {
    Coming,
    Here(Content),
    /// The line is broken, or the server is of another build by now. The console has the browser's word on it.
    Missing,
}

impl<T> Clone for Piece<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Piece<T> {}

impl<T: 'static> Piece<T> {
    /// Nobody has asked for it yet.
    pub(crate) fn new(load: fn() -> Coming) -> Self {
        Self { load, arrival: Slot::new(Arrival::Coming), of: PhantomData }
    }

    /// It, where it is here.
    pub(crate) fn here(self) -> Option<&'static T> {
        content(self.arrival).and_then(|content| content.downcast_ref())
    }

    /// Asks for it, unless it is here; `begin` is called once, before it is shown.
    pub(crate) fn fetch(self, begin: impl FnOnce(&'static T) + 'static) {
        let begin = move |content: Content| {
            if let Some(content) = content.downcast_ref() {
                begin(content);
            }
        };
        fetch(self.load, self.arrival, Box::new(begin));
    }

    /// It, or what is to be said as long as it is not there.
    pub(crate) fn view(
        self,
        here: fn(&'static T) -> Part,
        coming: fn() -> Part,
        missing: fn() -> Part,
    ) -> Live {
        let arrival = self.arrival;
        live(move || match arrival.get() {
            Arrival::Here(content) => content.downcast_ref().map_or_else(missing, here),
            Arrival::Coming => coming(),
            Arrival::Missing => missing(),
        })
    }
}

fn content(arrival: Slot<Arrival>) -> Option<Content> {
    match arrival.look(|arrival| *arrival) {
        Some(Arrival::Here(content)) => Some(content),
        _ => None,
    }
}

fn fetch(load: fn() -> Coming, arrival: Slot<Arrival>, begin: Box<dyn FnOnce(Content)>) {
    if content(arrival).is_some() {
        return;
    }
    arrival.set(Arrival::Coming);
    spawn_local(async move {
        let come = load().await;
        // Asked for once more while it was on its way, it comes twice.
        if content(arrival).is_some() {
            return;
        }
        if let Some(content) = come {
            begin(content);
        }
        arrival.set(come.map_or(Arrival::Missing, Arrival::Here));
    });
}
