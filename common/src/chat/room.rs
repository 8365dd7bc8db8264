//! The rooms.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Topic, serde_str};

/// The name of a room in topics and addresses: one topic segment. There is always a `lobby`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(String);

serde_str::checked_text!(RoomId);

/// A text that cannot name a room.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot name a room: 1 to 64 of a-z, 0-9, '_', '.' and '-'")]
pub struct BadRoomId(pub String);

const CHAT: &str = "chat/";
const PRESENCE: &str = "presence/";

impl RoomId {
    /// The room that is always there.
    #[must_use]
    pub fn lobby() -> Self {
        Self("lobby".to_owned())
    }

    /// The room whose messages are a topic's, if it is such a topic.
    #[must_use]
    pub fn of_chat(topic: &Topic) -> Option<Self> {
        topic.as_str().strip_prefix(CHAT)?.parse().ok()
    }

    /// The room whose presence is a topic's, if it is such a topic.
    #[must_use]
    pub fn of_presence(topic: &Topic) -> Option<Self> {
        topic.as_str().strip_prefix(PRESENCE)?.parse().ok()
    }

    /// Returns the topic of the room's messages: a Log of [`super::ChatMessage`].
    #[must_use]
    pub fn chat_topic(&self) -> Topic {
        self.topic(CHAT)
    }

    /// Returns the topic of the room's presence: the Latest [`super::Presence`].
    #[must_use]
    pub fn presence_topic(&self) -> Topic {
        self.topic(PRESENCE)
    }

    fn topic(&self, kind: &str) -> Topic {
        [kind, &self.0].concat().parse().expect("a room's name is one topic segment")
    }
}

impl FromStr for RoomId {
    type Err = BadRoomId;

    fn from_str(text: &str) -> Result<Self, BadRoomId> {
        let one_segment = !text.contains('/') && text.parse::<Topic>().is_ok();
        if one_segment { Ok(Self(text.to_owned())) } else { Err(BadRoomId(text.chars().take(80).collect())) }
    }
}

/// One room of the Latest list on the topic `rooms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInfo {
    /// Its name.
    pub room: RoomId,
    /// The number of people in the room.
    pub people: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_one_segment_of_a_topic() {
        let topic = |text: &str| text.parse::<Topic>().expect("a topic");
        let room: RoomId = "ops-2".parse().expect("a room");
        assert_eq!(RoomId::of_chat(&room.chat_topic()), Some(room.clone()));
        assert_eq!(RoomId::of_presence(&room.presence_topic()), Some(room));
        assert_eq!(RoomId::of_chat(&topic("chat/a/b")), None);
        assert_eq!(RoomId::of_chat(&topic("chat")), None);
        for text in ["", "a/b", "Ops", "a b", "방"] {
            assert!(text.parse::<RoomId>().is_err(), "{text:?}");
        }
    }
}
