//! Chat: rooms, what people say in them, and who is there.

mod name;
mod presence;
mod room;
mod sender;
mod text;

use serde::{Deserialize, Serialize};

use crate::MessageId;

pub use name::{BadName, ChatName};
pub use presence::{Announcement, Person, Presence};
pub use room::{BadRoomId, RoomId, RoomInfo};
pub use sender::{BadSenderId, SenderId};
pub use text::{BadText, ChatText};

/// A chat message as a client sends it: the `data` of a message to `chat/<room>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatPost {
    /// The sender's name.
    pub name: ChatName,
    /// The message's text.
    pub text: ChatText,
    /// The private name of their program, as in [`Announcement::client`]: of it the server makes the message's [`SenderId`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<MessageId>,
}

/// A chat message as a room gets it: the `data` of an event on `chat/<room>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// The id that the sender's client gave the message.
    pub id: MessageId,
    /// The sender's name.
    pub name: String,
    /// The message's text.
    pub text: String,
    /// The sender's public id, which tells senders of one name apart; none if the sender gave no `client`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderId>,
    /// The time at which the server took it, milliseconds since 1970.
    pub at: u64,
}
