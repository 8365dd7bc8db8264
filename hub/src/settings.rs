//! The settings of a hub.

use common::{Epoch, Topic};

use crate::topic_policy::TopicPolicy;

/// What a hub is made with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// This life of the log: later lives have greater epochs. With a journal, the epoch of a new life, should one begin;
    /// [`Hub::settings`] has the one that holds.
    pub epoch: Epoch,
    /// What topics there may be; the first that matches holds.
    pub policies: Vec<TopicPolicy>,
    /// The longest payload, bytes.
    pub publication_bytes: usize,
    /// How many topics one session may follow; 0 for no limit.
    pub topics_per_subscription: usize,
    /// How many topics the log may hold.
    pub topics: usize,
    /// How many bytes of payload the log may hold in all, whatever each topic may keep.
    pub bytes: usize,
}

impl Settings {
    /// The first rule that matches a topic, and which it is.
    pub(crate) fn policy(&self, topic: &Topic) -> Option<(usize, &TopicPolicy)> {
        self.policies.iter().enumerate().find(|(_, policy)| policy.pattern.matches(topic))
    }
}
