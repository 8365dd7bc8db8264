//! Finite streams: topics that begin, carry items, and end with a word why. `docs/streams.md` describes them.
//!
//! An entry of a stream's topic is one of three: `begin`, once and first; `items`, any number of them; `end`, once and last. Items are
//! counted, and each entry says the place of its first, so a reader knows exactly how many it was not given.

use std::str::FromStr;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Cursor, Topic, serde_str};

/// The first segment of the topics of streams that programs write.
pub const STREAMS: &str = "streams";

/// The topic that tells of each stream of a program as it begins, ends and is forgotten.
pub const STREAM_NEWS: &str = STREAMS;

/// The name of a stream: 32 hexadecimal digits, which nobody can guess.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StreamId(Box<str>);

serde_str::checked_text!(StreamId);

/// A text that is not the name of a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name of a stream is 32 of 0-9 and a-f")]
pub struct BadStreamId;

impl FromStr for StreamId {
    type Err = BadStreamId;

    fn from_str(text: &str) -> Result<Self, BadStreamId> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 32 && text.bytes().all(is_digit) { Ok(Self(text.into())) } else { Err(BadStreamId) }
    }
}

impl StreamId {
    /// Returns the name that 16 random bytes make.
    #[must_use]
    pub fn of_bytes(random: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(random)).into())
    }

    /// The topic of a stream that a program writes.
    ///
    /// # Panics
    /// Never: the name is one topic segment.
    #[must_use]
    pub fn topic(&self) -> Topic {
        [STREAMS, "/", &self.0].concat().parse().expect("a stream's name is one topic segment")
    }
}

/// The reason for which a stream has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StreamEndReason {
    /// All of it was told.
    Complete,
    /// Its source failed, or left without a word.
    Failed,
    /// A reader wanted no more of it, or nobody read it.
    Cancelled,
}

/// An entry of a stream's topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StreamEntry<T> {
    /// It begins.
    Begin {
        /// Its title, for people.
        title: String,
        /// The moment, Unix milliseconds.
        at_ms: u64,
    },
    /// The next items.
    Items {
        /// The number of items before these.
        first: u64,
        /// In their order.
        items: Vec<T>,
    },
    /// It has ended; nothing follows.
    End {
        /// The reason.
        reason: StreamEndReason,
        /// The failure, in a sentence.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// The number of items that it had.
        total: u64,
    },
}

/// All fields that an entry may have. Serde's own reader of such an enum keeps all that it has read until it knows which it is.
#[derive(Deserialize)]
struct EntryFields<T> {
    #[serde(rename = "type")]
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    at_ms: u64,
    first: Option<u64>,
    items: Option<Vec<T>>,
    reason: Option<StreamEndReason>,
    error: Option<String>,
    total: Option<u64>,
}

impl<T: DeserializeOwned> StreamEntry<T> {
    /// Reads an entry; none where it is none of these.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        let fields: EntryFields<T> = serde_json::from_str(text).ok()?;
        Some(match &*fields.name {
            "begin" => Self::Begin { title: fields.title, at_ms: fields.at_ms },
            "items" => Self::Items { first: fields.first?, items: fields.items? },
            "end" => Self::End { reason: fields.reason?, error: fields.error, total: fields.total? },
            _ => return None,
        })
    }
}

/// A stream that has been opened, as its writer is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreamOpened {
    /// Its name.
    pub id: StreamId,
    /// The topic that its readers follow.
    pub topic: Topic,
    /// The place of its beginning in the log.
    pub cursor: Cursor,
}

/// A stream at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreamStatus {
    /// Its name.
    pub id: StreamId,
    /// The topic that its readers follow.
    pub topic: Topic,
    /// Its title, for people.
    pub title: String,
    /// The moment at which it began, Unix milliseconds.
    pub began_ms: u64,
    /// The number of items so far.
    pub total: u64,
    /// The number of subscriptions that follow it at this node.
    pub readers: usize,
    /// Its end; `null` while it lives.
    pub end: Option<StreamEnd>,
}

/// The end of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreamEnd {
    /// The reason.
    pub reason: StreamEndReason,
    /// The failure, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The moment, Unix milliseconds.
    pub at_ms: u64,
}

/// News of the list of streams, as [`STREAM_NEWS`] tells them. A newer one replaces an older: whoever wants all of them asks for the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamNews {
    /// The stream's name.
    pub id: StreamId,
    /// Its title, for people.
    pub title: String,
    /// The change.
    pub change: StreamChange,
}

/// A change of the list of streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamChange {
    /// It has begun.
    Begun,
    /// It has ended.
    Ended,
    /// It ended a minute ago, and is not in the list any more.
    Forgotten,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_reads_back_as_it_was_written() {
        let entries: [StreamEntry<String>; 4] = [
            StreamEntry::Begin { title: "answer".into(), at_ms: 5 },
            StreamEntry::Items { first: 7, items: vec!["a".into(), "b".into()] },
            StreamEntry::End { reason: StreamEndReason::Complete, error: None, total: 9 },
            StreamEntry::End { reason: StreamEndReason::Failed, error: Some("out".into()), total: 0 },
        ];
        for entry in entries {
            let text = serde_json::to_string(&entry).expect("JSON");
            assert_eq!(StreamEntry::from_json(&text), Some(entry), "{text}");
        }
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":"later"}"#,
            r#"{"type":"items","items":[]}"#,
            r#"{"type":"items","first":0,"items":[1]}"#,
            r#"{"type":"end","total":1}"#,
            r#"{"type":"end","reason":"bored","total":1}"#,
        ] {
            assert_eq!(StreamEntry::<String>::from_json(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_sixteen_bytes_and_a_topic_segment() {
        let id = StreamId::of_bytes([7; 16]);
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(id.topic().as_str(), "streams/07070707070707070707070707070707");
        for text in ["", "07", "0707070707070707070707070707070G", &"A".repeat(32), &"0".repeat(33), "../etc"]
        {
            assert_eq!(text.parse::<StreamId>(), Err(BadStreamId), "{text}");
        }
    }
}
