//! What the log does with a family of topics.

use std::time::Duration;

use common::TopicPattern;

/// How the entries of a topic relate to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicKind {
    /// Every entry matters: chat, alerts, events. What is lost is told as a gap.
    Log,
    /// A newer entry replaces an older: metrics, presence. A reader that is behind finds the newest.
    Latest,
}

/// How much of a topic stays in memory: whichever bound is reached first. The newest entry of a `Latest` topic stays,
/// unless the topic lapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// How many entries.
    pub entries: usize,
    /// For how long.
    pub age: Duration,
    /// How many bytes of payload.
    pub bytes: usize,
    /// How many of the newest entries a snapshot begins with.
    pub snapshot: usize,
    /// Whether a `Latest` topic that no one follows goes when its newest entry is past its age: for topics whose names are
    /// used once.
    pub lapses: bool,
    /// How many topics there may be.
    pub quota: TopicQuota,
}

/// How many topics of a family the log may hold. Whoever makes topics without end fills their family's share, and no other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicQuota {
    /// As many as there is room for among all, by `Settings::topics`.
    Shared,
    /// So many, whatever the others have.
    AtMost(usize),
    /// As many as there are: for patterns that match few.
    Reserved,
}

impl TopicQuota {
    /// How many that is, where `topics` is for all.
    pub(crate) fn most(self, topics: usize) -> usize {
        match self {
            Self::Shared => topics,
            Self::AtMost(most) => most,
            Self::Reserved => usize::MAX,
        }
    }
}

impl Retention {
    /// This many entries, for an hour, up to 4 MiB; a snapshot brings them all.
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
    /// What their entries are to each other.
    pub kind: TopicKind,
    /// How much of each is kept.
    pub retention: Retention,
}
