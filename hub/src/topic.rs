//! A topic as sessions and publishers share it: its name and who listens.

use std::sync::Arc;

use common::Topic;
use parking_lot::Mutex;
use slab::Slab;

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
    bells: Mutex<Slab<Arc<Bell>>>,
}

impl TopicState {
    pub(crate) fn new(name: Topic, kind: Kind, slot: usize) -> Self {
        Self { name, kind, slot, bells: Mutex::new(Slab::new()) }
    }

    pub(crate) fn listen(&self, bell: Arc<Bell>) -> usize {
        self.bells.lock().insert(bell)
    }

    pub(crate) fn leave(&self, key: usize) {
        let mut bells = self.bells.lock();
        bells.remove(key);
        if bells.is_empty() {
            bells.shrink_to_fit();
        }
    }

    pub(crate) fn listeners(&self) -> usize {
        self.bells.lock().len()
    }

    pub(crate) fn each_listener(&self, mut tell: impl FnMut(&Arc<Bell>)) {
        self.bells.lock().iter().for_each(|(_, bell)| tell(bell));
    }

    /// Tells all who listen to end, and says how many those are.
    pub(crate) fn say_bye(&self, bye: Bye) -> usize {
        let bells = self.bells.lock();
        for (_, bell) in &*bells {
            bell.say_bye(bye);
        }
        bells.len()
    }

    pub(crate) fn ring(&self) {
        for (_, bell) in &*self.bells.lock() {
            bell.ring();
        }
    }
}
