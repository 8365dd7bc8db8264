//! One topic of a host: its newest value, heard only while some card wants it.

use std::{any::Any, sync::Arc};

use common::{Sample, Topic, frame::Event, sample::Processes};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;

use super::{Kept, Slot, ring::is_set_back};
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

type Hear<T> = Arc<dyn Fn(&T) + Send + Sync>;

pub(super) struct Feed<T: Dated> {
    latest: Slot<Option<Arc<T>>>,
    /// By the reader's clock: the server's may differ, and an age must not.
    arrived: Slot<Option<u64>>,
    source: Kept<Source<T>>,
    pub(super) cadence_ms: u32,
}

struct Source<T> {
    browser: Option<Browser>,
    topic: Topic,
    hear: Hear<T>,
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
    /// `hear` is told each new value before the signals are.
    pub(super) fn new(topic: Topic, cadence_ms: u32, hear: impl Fn(&T) + Send + Sync + 'static) -> Self {
        let hear: Hear<T> = Arc::new(hear);
        let source = Source { browser: use_context(), topic, hear, holders: 0, guard: None };
        Self { latest: Slot::new(None), arrived: Slot::new(None), source: Kept::new(source), cadence_ms }
    }

    /// Starts from a value of the first paint.
    pub(super) fn seed(self, value: Option<T>) {
        self.latest.set(value.map(Arc::new));
    }

    /// The newest value, tracked.
    pub(super) fn latest(self) -> Option<Arc<T>> {
        self.latest.get()
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
            (source.holders == 1).then(|| (source.browser.clone(), source.topic.clone()))
        });
        if let Some(Some((Some(browser), topic))) = first {
            let guard =
                browser.watch(topic, Some(self.cadence_ms), Box::new(move |event| self.receive(event)));
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
        let Ok(value) = serde_json::from_str::<T>(event.data.get()) else { return };
        let newest = self.latest.look(|latest| latest.as_ref().map(|latest| latest.at()));
        // A page that was left answers nothing; an older value than the one shown would step back, but where the
        // server's clock did so too.
        let Some(newest) = newest else { return };
        if newest.is_some_and(|newest| value.at() < newest && !is_set_back(value.at(), newest)) {
            return;
        }
        if let Some((hear, now)) = self
            .source
            .with(|source| (source.hear.clone(), source.browser.as_ref().map(|browser| browser.now())))
        {
            hear(&value);
            self.arrived.set(now.map(|now| now as u64));
            self.latest.set(Some(Arc::new(value)));
        }
    }
}
