//! One topic of a host: its newest value, heard only while some card wants it.

use std::{any::Any, sync::Arc};

use common::{Sample, Topic, frame::Event, sample::Processes};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;

use super::{Cadence, Cell, Stored, Trouble, ring::is_set_back};
use crate::ports::Browser;

/// A value that says when it was measured.
pub(super) trait Dated: DeserializeOwned + Send + Sync + 'static {
    fn at(&self) -> u64;
}

impl Dated for Sample {
    fn at(&self) -> u64 {
        self.at
    }
}

impl Dated for Processes {
    fn at(&self) -> u64 {
        self.at
    }
}

type OnEvent<T> = Arc<dyn Fn(Feed<T>, &T) + Send + Sync>;

pub(super) struct Feed<T: Dated> {
    latest: Cell<Option<Arc<T>>>,
    /// By the reader's clock: the server's may differ, and an age must not.
    arrived: Cell<Option<u64>>,
    /// Why the newest value could not be read.
    trouble: Cell<Option<Trouble>>,
    source: Stored<Source<T>>,
    cadence: Stored<Cadence>,
}

struct Source<T: Dated> {
    browser: Option<Browser>,
    topic: Topic,
    handler: OnEvent<T>,
    holders: u32,
    guard: Option<SendWrapper<Box<dyn Any>>>,
}

impl<T: Dated> Clone for Feed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Dated> Copy for Feed<T> {}

impl<T: Dated> Feed<T> {
    /// `handler` is told each new value before the signals are.
    pub(super) fn new(topic: Topic, handler: impl Fn(Self, &T) + Send + Sync + 'static) -> Self {
        let handler: OnEvent<T> = Arc::new(handler);
        let source = Source { browser: use_context(), topic, handler, holders: 0, guard: None };
        Self {
            latest: Cell::new(None),
            arrived: Cell::new(None),
            trouble: Cell::new(None),
            source: Stored::new(source),
            cadence: Stored::new(Cadence::every(0)),
        }
    }

    /// Starts from a value of the first paint, and learns how often the next ones come. Comes before all who hold it.
    pub(super) fn seed(self, value: Option<T>, cadence: Cadence) {
        self.cadence.set(cadence);
        self.latest.set(value.map(Arc::new));
    }

    /// Returns the cadence of the values.
    pub(super) fn cadence(self) -> Cadence {
        self.cadence.get()
    }

    /// The newest value, tracked.
    pub(super) fn latest(self) -> Option<Arc<T>> {
        self.latest.get()
    }

    /// Why it could not be read, tracked.
    pub(super) fn trouble(self) -> Option<Trouble> {
        self.trouble.get()
    }

    /// When it arrived by the reader's clock, tracked; none for a value of the first paint.
    pub(super) fn arrived(self) -> Option<u64> {
        self.arrived.get()
    }

    /// When it was measured by the server's clock, tracked.
    pub(super) fn measured(self) -> Option<u64> {
        self.latest.with(|latest| latest.as_ref().map(|value| value.at()))
    }

    /// One more card wants it.
    pub(super) fn hold(self) {
        let first = self.source.update(|source| {
            source.holders += 1;
            source.holders == 1
        });
        if first == Some(true) {
            self.watch();
        }
    }

    /// Asks for the present value once more, after one that could not be read.
    pub(super) fn ask_again(self) {
        self.trouble.set(None);
        let left = self.source.update(|source| source.guard.take());
        if let Some(Some(left)) = left {
            // Left before it is watched again: who comes anew is told the present value.
            drop(left);
            self.watch();
        }
    }

    fn watch(self) {
        let source = self.source.with(|source| (source.browser.clone(), source.topic.clone()));
        if let Some((Some(browser), topic)) = source {
            let cadence = Some(self.cadence().ms());
            let guard = browser.messages.watch(topic, cadence, Box::new(move |event| self.receive(event)));
            self.source.update(|source| source.guard = Some(SendWrapper::new(guard)));
        }
    }

    /// One card less wants it.
    pub(super) fn release(self) {
        // The guard is dropped outside of the borrow: its drop may call back.
        let guard = self.source.update(|source| {
            source.holders = source.holders.saturating_sub(1);
            if source.holders == 0 { source.guard.take() } else { None }
        });
        drop(guard);
    }

    fn receive(self, event: &Event) {
        let value = match serde_json::from_str::<T>(event.data.get()) {
            Ok(value) => value,
            Err(error) => return self.fail(&error),
        };
        if self.trouble.look(Option::is_some) == Some(true) {
            self.trouble.set(None);
        }
        let newest = self.latest.look(|latest| latest.as_ref().map(|latest| latest.at()));
        // A page that was left answers nothing; an older value than the one shown would step back, but where the
        // server's clock did so too. The same one told again, as on a new line, is no news, and stays as old as it is.
        let Some(newest) = newest else { return };
        if newest.is_some_and(|newest| value.at() <= newest && !is_set_back(value.at(), newest)) {
            return;
        }
        if let Some((handler, now)) = self.source.with(|source| {
            (source.handler.clone(), source.browser.as_ref().map(|browser| browser.clock.now()))
        }) {
            handler(self, &value);
            self.arrived.set(now.map(|now| now as u64));
            self.latest.set(Some(Arc::new(value)));
        }
    }

    /// A server of another version, say. Told once, not with every value.
    fn fail(self, error: &serde_json::Error) {
        let now =
            self.source.with(|source| source.browser.as_ref().map(|browser| browser.clock.now())).flatten();
        if let (Some(now), Some(false)) = (now, self.trouble.look(Option::is_some)) {
            self.trouble.set(Some(Trouble::unreadable(error, now)));
        }
    }
}
