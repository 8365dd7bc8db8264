//! The policy of a family of topics.

use std::time::Duration;

use common::{Topic, TopicPattern};

/// The relation between a topic's entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicKind {
    /// Every entry matters: chat, alerts, events. Lost entries show as a gap.
    Log,
    /// A newer entry replaces an older: metrics, presence. A reader that is behind finds the newest.
    Latest,
    /// Every entry matters to those who read while it lives: the lines of a program, a model's words. Its topic begins and ends, a reader
    /// who comes gets it from its beginning, and of one that has gone nothing stays but that it is gone. A log need not store it.
    Stream,
}

impl TopicKind {
    /// Reports that entries outlive the process, where anything does.
    #[must_use]
    pub const fn is_stored(self) -> bool {
        matches!(self, Self::Log)
    }

    /// Reports that readers miss an entry that they do not get.
    #[must_use]
    pub const fn tells_gaps(self) -> bool {
        matches!(self, Self::Log | Self::Stream)
    }
}

/// The bounds of a topic in memory: the first one that is reached evicts. The newest entry of a `Latest` topic stays,
/// unless the topic lapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The most entries.
    pub entries: usize,
    /// The longest time for which an entry stays.
    pub age: Duration,
    /// The most bytes of payload.
    pub bytes: usize,
    /// The number of newest entries that a snapshot begins with.
    pub snapshot: usize,
    /// Removes a `Latest` topic that no one follows once its newest entry is past its age. This is for topics whose
    /// names are used once.
    pub lapses: bool,
    /// The most topics of this policy.
    pub quota: TopicQuota,
}

/// The most topics of a family that the log may hold. A client that makes topics without end fills its family's quota
/// and no other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicQuota {
    /// The topics share `Settings::topics` with all others that have no quota of their own.
    Shared,
    /// The policy has a quota of its own, whatever the others have.
    AtMost(usize),
    /// The policy has room for every topic: for patterns that match few.
    Reserved,
}

impl TopicQuota {
    /// Returns the quota as a number, where `topics` is the limit of all topics.
    #[must_use]
    pub const fn most(self, topics: usize) -> usize {
        match self {
            Self::Shared => topics,
            Self::AtMost(most) => most,
            Self::Reserved => usize::MAX,
        }
    }
}

impl Retention {
    /// Keeps this many entries for an hour, up to 4 MiB; a snapshot brings them all.
    #[must_use]
    pub const fn entries(entries: usize) -> Self {
        Self {
            entries,
            age: Duration::from_secs(3600),
            bytes: 4 << 20,
            snapshot: usize::MAX,
            lapses: false,
            quota: TopicQuota::Shared,
        }
    }
}

/// The kind and retention of every topic that matches a pattern. The first rule that matches holds.
#[derive(Debug, Clone)]
pub struct TopicPolicy {
    /// Which topics.
    pub pattern: TopicPattern,
    /// The relation between their entries.
    pub kind: TopicKind,
    /// The bounds of each topic.
    pub retention: Retention,
}

/// Returns the first policy whose pattern matches a topic, and its index.
#[must_use]
pub fn policy_of<'a>(policies: &'a [TopicPolicy], topic: &Topic) -> Option<(usize, &'a TopicPolicy)> {
    policies.iter().enumerate().find(|(_, policy)| policy.pattern.matches(topic))
}
