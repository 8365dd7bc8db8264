//! Presence: the people in a room, and those of them who are typing.

use serde::{Deserialize, Serialize};

use super::{ChatName, SenderId};
use crate::MessageId;

/// The announcement of a person's client: the `data` of a message to `presence/<room>`, about every 20 s and when it
/// changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// The client's own name, formed like a message's id, of 128 random bits. The server shows it to nobody.
    pub client: MessageId,
    /// The person's name.
    pub name: ChatName,
    /// The person is typing.
    #[serde(default)]
    pub typing: bool,
    /// The person is leaving.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaving: bool,
}

/// The people in a room: the `data` of an event on `presence/<room>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presence {
    /// The number of people in the room.
    pub count: usize,
    /// The people who are shown: first those who type, then those who came first. In a room of usual size these are
    /// all.
    pub people: Vec<Person>,
}

/// A person in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person's name.
    pub name: String,
    /// Tells people of one name apart: the same as in their messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderId>,
    /// The person is typing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub typing: bool,
}
