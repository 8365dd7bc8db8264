//! The settings of a hub.

use std::sync::Arc;

use broker::{Clock, TopicPolicy, policy_of};
use common::{Epoch, Topic};

/// The settings of a hub.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The clock by which stored entries keep their age over a restart.
    pub clock: Arc<dyn Clock>,
    /// This life of the log: later lives have greater epochs. With a journal, the epoch of a new life, should one begin;
    /// [`Hub::settings`] has the one that holds.
    pub epoch: Epoch,
    /// The policies of all topics that may exist; the first one whose pattern matches applies.
    pub policies: Vec<TopicPolicy>,
    /// The longest payload, bytes.
    pub publication_bytes: usize,
    /// The most topics that one subscription may follow; 0 for no limit.
    pub topics_per_subscription: usize,
    /// The most topics that the log may hold.
    pub topics: usize,
    /// The most bytes of payload that the log may hold in all, whatever each topic may keep.
    pub bytes: usize,
}

impl Settings {
    /// The first rule that matches a topic, and which it is.
    pub(crate) fn policy(&self, topic: &Topic) -> Option<(usize, &TopicPolicy)> {
        policy_of(&self.policies, topic)
    }
}
