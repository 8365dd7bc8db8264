//! Entries: before they are in the log, and in it.

use bytes::Bytes;
use common::{Cursor, Seq, Topic};
use tokio::time::Instant;

use crate::{idempotency_key::IdempotencyKey, topic_policy::TopicKind};

/// An entry of the log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its place: everything before it and itself was told.
    pub cursor: Cursor,
    /// The topic it was published to.
    pub topic: Topic,
    /// The payload, as its publisher encoded it.
    pub data: Bytes,
    /// The key that its publisher gave it.
    pub key: Option<IdempotencyKey>,
    /// The time at which the log took it in.
    pub taken_at: Instant,
}

/// A publication that asks for its place in the log.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// The topic.
    pub topic: Topic,
    /// The topic's kind, by its policy.
    pub kind: TopicKind,
    /// The payload.
    pub data: Bytes,
    /// The key that makes sending it twice harmless: where the topic keeps an entry with this key, that entry's place is the answer.
    /// `Latest` topics know no keys.
    pub key: Option<IdempotencyKey>,
    /// True if an entry with the same key and another payload is an error, and not the same publication.
    pub same_payload: bool,
    /// The number that the topic's newest entry has to have, 0 where none is kept: a publisher who decided by what it read. `Latest` topics
    /// ignore it.
    pub expected: Option<Seq>,
}

impl NewEntry {
    /// Makes a publication without options.
    #[must_use]
    pub fn new(topic: Topic, kind: TopicKind, data: Bytes) -> Self {
        Self { topic, kind, data, key: None, same_payload: true, expected: None }
    }
}

/// The answer to a publication that is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Its place.
    pub cursor: Cursor,
    /// True if it was there before, under the same key.
    pub duplicate: bool,
}
