//! Who is in a room, and who is typing.

use serde::{Deserialize, Serialize};

use super::{ChatName, SenderId};
use crate::MessageId;

/// What a person's program tells of them: the `data` of a message to `presence/<room>`, about every 20 s and when it
/// changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// The program's own name, formed like a message's id, of 128 random bits. Nobody else is told it.
    pub client: MessageId,
    /// What the person is called.
    pub name: ChatName,
    /// Whether they are typing.
    #[serde(default)]
    pub typing: bool,
    /// Whether they are leaving.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaving: bool,
}

/// Who is in a room: the `data` of an event on `presence/<room>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presence {
    /// How many people are there.
    pub count: usize,
    /// Some of them: those who type first, then those who came first. All of them in a room of usual size.
    pub people: Vec<Person>,
}

/// Someone in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What they are called.
    pub name: String,
    /// Tells people of one name apart: the same as in their messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderId>,
    /// Whether they are typing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub typing: bool,
}
