//! What the log does with a family of topics.

use std::time::Duration;

use common::TopicPattern;

/// How the entries of a topic relate to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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
}

impl Retention {
    /// This many entries, for an hour, up to 4 MiB; a snapshot brings them all.
    #[must_use]
    pub const fn entries(entries: usize) -> Self {
        Self { entries, age: Duration::from_secs(3600), bytes: 4 << 20, snapshot: usize::MAX, lapses: false }
    }
}

/// The kind and retention of every topic that matches a pattern. The first rule that matches holds.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Which topics.
    pub pattern: TopicPattern,
    /// What their entries are to each other.
    pub kind: Kind,
    /// How much of each is kept.
    pub retention: Retention,
}
