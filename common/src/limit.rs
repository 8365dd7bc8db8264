//! The limits that a request can run into, by the words that programs match on.

use serde::{Deserialize, Serialize};

/// A limit that a request has reached: the extension members `limit` and `max` of a refusal (RFC 9457 §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The limit's name.
    #[serde(rename = "limit")]
    pub name: LimitName,
    /// The most that there may be, in the unit that the name says.
    pub max: u64,
}

impl Limit {
    /// A limit and its figure.
    #[must_use]
    pub const fn new(name: LimitName, max: usize) -> Self {
        Self { name, max: max as u64 }
    }
}

/// The name of a limit. A reader that does not know the word takes the refusal as one without a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitName {
    /// Chat rooms, in all.
    Rooms,
    /// Chat rooms that one address has made.
    RoomsPerAddress,
    /// People in one chat room.
    PeoplePerRoom,
    /// People that one address is, over all chat rooms.
    PeoplePerAddress,
    /// Messages a second from one address.
    MessagesPerSecond,
    /// Bytes of one message.
    MessageBytes,
    /// Messages that wait in a page to be sent. Only a page says it, of itself.
    UnsentMessages,
    /// Publications a second from one address.
    PublicationsPerSecond,
    /// Bytes of one publication.
    PublicationBytes,
    /// Bytes of a request's body.
    BodyBytes,
    /// Topics of one family in the log.
    Topics,
    /// Topics that one connection follows.
    TopicsPerConnection,
    /// Labs under way at once.
    Labs,
    /// Silent answers under way at once.
    SilentAnswers,
    /// Connections whose frames are followed at once.
    FollowedConnections,
    /// Finite streams open at once, at one node.
    Streams,
    /// Plain connections at work, in all.
    PlainConnections,
    /// Plain connections at work from one address.
    PlainConnectionsPerAddress,
}

impl LimitName {
    /// Every name.
    pub const ALL: [Self; 18] = [
        Self::Rooms,
        Self::RoomsPerAddress,
        Self::PeoplePerRoom,
        Self::PeoplePerAddress,
        Self::MessagesPerSecond,
        Self::MessageBytes,
        Self::UnsentMessages,
        Self::PublicationsPerSecond,
        Self::PublicationBytes,
        Self::BodyBytes,
        Self::Topics,
        Self::TopicsPerConnection,
        Self::Labs,
        Self::SilentAnswers,
        Self::FollowedConnections,
        Self::Streams,
        Self::PlainConnections,
        Self::PlainConnectionsPerAddress,
    ];
}
