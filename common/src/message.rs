//! Messages of clients: what a client sends to a topic, and the answer.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Cursor, Topic, api::ApiError, serde_str};

/// The name of one message, made by the client that sends it: sent again under the same name, it is still one message.
///
/// 8 to 64 of `A-Z a-z 0-9 _ -`. Make it of 128 random bits or more: two messages of one name are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Box<str>);

serde_str::checked_text!(MessageId);

/// A text that is not a message's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a message's id is 8 to 64 of A-Z, a-z, 0-9, '_' and '-'")]
pub struct BadMessageId;

impl FromStr for MessageId {
    type Err = BadMessageId;

    fn from_str(text: &str) -> Result<Self, BadMessageId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let good = (8..=64).contains(&text.len()) && text.bytes().all(allowed);
        if good { Ok(Self(text.into())) } else { Err(BadMessageId) }
    }
}

/// A message as a client sends it: the body of `POST /live/send`, and the fields of a `send` frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientMessage {
    /// Its name.
    pub id: MessageId,
    /// The topic that it is sent to.
    pub topic: Topic,
    /// The payload; the topic's handler decides what it may be.
    #[serde(deserialize_with = "crate::json::parse_exact")]
    pub data: Value,
}

/// The receipt of a message that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The message's name.
    pub id: MessageId,
    /// The position in the log. A message that was sent before has the position that it got then.
    pub cursor: Cursor,
}

/// The rejection of a message that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The message's name.
    pub id: MessageId,
    /// The error.
    #[serde(flatten)]
    pub error: ApiError,
    /// The milliseconds after which sending again may help; none where it never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_a_plain_alphabet_and_a_fair_length() {
        for text in ["0123abcd", "a_b-C_d-", &"x".repeat(64)] {
            assert_eq!(text.parse::<MessageId>().map(|id| id.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "short", "with space", "ünïcödé-", &"x".repeat(65)] {
            assert_eq!(text.parse::<MessageId>(), Err(BadMessageId), "{text:?}");
        }
    }

    #[test]
    fn a_message_with_an_unknown_field_is_none() {
        let read = |text: &str| serde_json::from_str::<ClientMessage>(text);
        assert!(read(r#"{"id":"12345678","topic":"chat/lobby","data":{"text":"hi"}}"#).is_ok());
        assert!(read(r#"{"id":"12345678","topic":"chat/lobby","data":1,"from":"me"}"#).is_err());
        assert!(read(r#"{"id":"12345678","topic":"chat/lobby"}"#).is_err());
    }
}
