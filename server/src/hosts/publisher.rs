//! One topic of this machine: when it is due, and what is published to it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use common::Topic;
use fanout::Hub;

use super::pace::Pace;
use crate::watchers::Watchers;

/// A value as it goes out, or why it cannot.
pub(super) struct Encoded(serde_json::Result<Vec<u8>>);

/// A topic with its pace.
pub(super) struct Publisher {
    hub: Hub,
    topic: Topic,
    watchers: Watchers,
    pace: Pace,
    /// True if the hub has refused this topic before: it is logged once, not twice a second.
    refused: bool,
}

impl Publisher {
    /// A publisher whose rounds come every `round`, with an interval for when someone watches and one for when no one does.
    pub(super) fn new(hub: Hub, topic: Topic, round: Duration, [watched, unwatched]: [Duration; 2]) -> Self {
        let watchers = Watchers::new(hub.clone(), topic.clone());
        Self { hub, topic, watchers, pace: Pace::new(round, watched, unwatched), refused: false }
    }

    /// Returns true if someone watches the topic.
    pub(super) fn is_watched(&mut self, now: Instant) -> bool {
        self.watchers.are_there(now)
    }

    /// Returns true if a publication is due, and then counts it as done.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let watched = self.is_watched(now);
        self.pace.is_due(now, watched)
    }

    /// Encodes a value, once, outside of every lock.
    pub(super) fn encode(value: &impl serde::Serialize) -> Encoded {
        Encoded(serde_json::to_vec(value))
    }

    /// Publishes what was encoded. Of several nodes one tells of its machine: there is one host so far.
    pub(super) fn publish(&mut self, encoded: Encoded) {
        if !self.hub.is_first_node() {
            return;
        }
        let data = match encoded.0 {
            Ok(data) => Bytes::from(data),
            Err(error) => return self.refuse(&error),
        };
        match self.hub.publish(&self.topic, data) {
            Ok(_) => self.refused = false,
            // The server is stopping; so will this thread.
            Err(fanout::PublishError::Closed) => {}
            Err(error) => self.refuse(&error),
        }
    }

    fn refuse(&mut self, error: &(dyn std::error::Error + 'static)) {
        if !std::mem::replace(&mut self.refused, true) {
            tracing::error!(topic = %self.topic, error, "a sample was not published");
        }
    }
}
