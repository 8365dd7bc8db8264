//! One topic of a machine: who watches it, and what is published to it.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Instant,
};

use bytes::Bytes;
use common::Topic;
use fanout::{Hub, PublishOptions};
use parking_lot::Mutex;

use crate::watchers::Watchers;

/// A value as it goes out, or why it cannot.
pub(super) struct Encoded(serde_json::Result<Vec<u8>>);

/// The node that tells of a host, of several that share a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Teller {
    /// The first one, of the machine that it runs on.
    FirstNode,
    /// Each one, of the hosts that report to it.
    EachNode,
}

/// A topic, with its watchers.
#[derive(Debug)]
pub(super) struct Publisher {
    hub: Hub,
    topic: Topic,
    teller: Teller,
    watchers: Mutex<Watchers>,
    /// True if the hub has refused this topic before: it is logged once, not twice a second.
    refused: AtomicBool,
}

impl Publisher {
    pub(super) fn new(hub: Hub, topic: Topic, teller: Teller) -> Self {
        let watchers = Mutex::new(Watchers::new(hub.clone(), topic.clone()));
        Self { hub, topic, teller, watchers, refused: AtomicBool::new(false) }
    }

    /// Returns true if someone watches the topic.
    pub(super) fn is_watched(&self, now: Instant) -> bool {
        self.watchers.lock().are_there(now)
    }

    /// Encodes a value, once, outside of every lock.
    pub(super) fn encode(value: &impl serde::Serialize) -> Encoded {
        Encoded(serde_json::to_vec(value))
    }

    /// Publishes what was encoded.
    pub(super) fn publish(&self, encoded: Encoded) {
        self.publish_with(encoded, PublishOptions::default());
    }

    /// Publishes it with options.
    pub(super) fn publish_with(&self, encoded: Encoded, options: PublishOptions) {
        if self.teller == Teller::FirstNode && !self.hub.is_first_node() {
            return;
        }
        let data = match encoded.0 {
            Ok(data) => Bytes::from(data),
            Err(error) => return self.refuse(&error),
        };
        match self.hub.publish_with(&self.topic, data, options) {
            Ok(_) => self.refused.store(false, Relaxed),
            // The server is stopping; so will this thread.
            Err(fanout::PublishError::Closed) => {}
            Err(error) => self.refuse(&error),
        }
    }

    fn refuse(&self, error: &(dyn std::error::Error + 'static)) {
        if !self.refused.swap(true, Relaxed) {
            tracing::error!(topic = %self.topic, error, "a sample was not published");
        }
    }
}
