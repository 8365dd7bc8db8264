//! A topic as sessions and publishers share it: its name and who listens.

use std::{sync::Arc, time::Duration};

use common::{Seq, Topic};
use parking_lot::Mutex;
use slab::Slab;
use tokio::time::Instant;

use crate::{
    bell::{Bell, Bye},
    rule::Kind,
};

#[derive(Debug)]
pub(crate) struct TopicState {
    pub(crate) name: Topic,
    pub(crate) kind: Kind,
    /// Its place in the log's slab.
    pub(crate) slot: usize,
    /// Who listens. Apart from the log's lock, so that waking ten thousand holds up no reader.
    bells: Mutex<Bells>,
}

#[derive(Debug)]
struct Bells {
    listeners: Slab<Arc<Bell>>,
    /// The newest entry that there is to ring for.
    newest: Seq,
    /// The newest that they were rung for.
    rung: Seq,
    /// When that was.
    rung_at: Option<Instant>,
}

impl Bells {
    fn ring(&mut self, now: Instant) {
        self.rung = self.newest;
        self.rung_at = Some(now);
        for (_, bell) in &self.listeners {
            bell.ring();
        }
    }
}

impl TopicState {
    pub(crate) fn new(name: Topic, kind: Kind, slot: usize) -> Self {
        let bells = Bells { listeners: Slab::new(), newest: Seq::START, rung: Seq::START, rung_at: None };
        Self { name, kind, slot, bells: Mutex::new(bells) }
    }

    pub(crate) fn listen(&self, bell: Arc<Bell>) -> usize {
        self.bells.lock().listeners.insert(bell)
    }

    pub(crate) fn leave(&self, key: usize) {
        let listeners = &mut self.bells.lock().listeners;
        listeners.remove(key);
        if listeners.is_empty() {
            listeners.shrink_to_fit();
        }
    }

    pub(crate) fn listeners(&self) -> usize {
        self.bells.lock().listeners.len()
    }

    pub(crate) fn each_listener(&self, mut tell: impl FnMut(&Arc<Bell>)) {
        self.bells.lock().listeners.iter().for_each(|(_, bell)| tell(bell));
    }

    /// Tells all who listen to end, and says how many those are.
    pub(crate) fn say_bye(&self, bye: Bye) -> usize {
        let bells = self.bells.lock();
        for (_, bell) in &bells.listeners {
            bell.say_bye(bye);
        }
        bells.listeners.len()
    }

    /// Rings for everything up to `seq`, unless it rang less than `apart` ago: then it is to be rung late, at the time that is
    /// given back to the first who comes too soon.
    pub(crate) fn ring(&self, seq: Seq, now: Instant, apart: Duration) -> Option<Instant> {
        let mut bells = self.bells.lock();
        let is_due_already = bells.newest > bells.rung;
        bells.newest = bells.newest.max(seq);
        let next = bells.rung_at.map(|at| at + apart).filter(|&next| next > now);
        match next {
            Some(_) if is_due_already => None,
            Some(next) => Some(next),
            None => {
                bells.ring(now);
                None
            }
        }
    }

    /// Rings for all that was not rung for yet.
    pub(crate) fn ring_late(&self, now: Instant) {
        let mut bells = self.bells.lock();
        if bells.newest > bells.rung {
            bells.ring(now);
        }
    }

    /// The last entry before those that it is about to ring for, if there are any.
    pub(crate) fn rings_soon_after(&self) -> Option<Seq> {
        let bells = self.bells.lock();
        (bells.newest > bells.rung).then_some(bells.rung)
    }
}
