//! The errors that a sender gets instead of a receipt.

use common::{
    MessageId, Topic,
    api::ApiError,
    frame::ErrorCode,
    limit::{Limit, LimitName},
    message::Rejection,
};
use hub::PublishError;

use super::limits::{PEOPLE, ROOMS};

/// Why something that was sent to a room was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChatError {
    /// The topic is no room's. `unknown_topic`.
    #[error("{0} is no room: a room's name is 1 to 64 of a-z, 0-9, '_', '.' and '-'")]
    NoRoom(Topic),
    /// It says what cannot be said. `bad_message`.
    #[error("this cannot be sent: {0}")]
    Bad(#[from] serde_json::Error),
    /// A room more than there may be. `limit_reached`; when one goes is in nobody's hands, so no time is told.
    #[error("there are already {ROOMS} rooms, as many as there may be")]
    TooManyRooms,
    /// Someone more than a room may have. `limit_reached`, in the same way.
    #[error("the room already has {PEOPLE} people, as many as it may")]
    TooManyPeople,
    /// More people by requests of their own than their address has live connections. `limit_reached`.
    #[error(
        "an address may be as many people in the chat as it has live connections, which are {0}: open one, and announce on it where it \
         has a way up"
    )]
    TooManyFromHere(usize),
    /// More rooms than one address may make. `limit_reached`.
    #[error("one address may make at most {0} rooms (limits.connections_per_address)")]
    TooManyRoomsFromHere(usize),
    /// The log did not take it, or could not store it.
    #[error(transparent)]
    Log(#[from] PublishError),
}

impl ChatError {
    /// For the sender of the message.
    pub(super) fn of(self, id: MessageId) -> Rejection {
        let (code, retry_ms) = match &self {
            Self::NoRoom(_) | Self::Log(PublishError::UnknownTopic(_)) => (ErrorCode::UnknownTopic, None),
            Self::Bad(_) => (ErrorCode::BadMessage, None),
            Self::TooManyRooms
            | Self::TooManyPeople
            | Self::TooManyFromHere(_)
            | Self::TooManyRoomsFromHere(_)
            | Self::Log(PublishError::TooLong { .. } | PublishError::TooManyTopics(_)) => {
                (ErrorCode::LimitReached, None)
            }
            Self::Log(PublishError::KeyReused) => (ErrorCode::BadMessage, None),
            Self::Log(PublishError::NotStored(_)) => (ErrorCode::NotStored, Some(5_000)),
            Self::Log(PublishError::Closed) => (ErrorCode::ShuttingDown, Some(1_000)),
        };
        let error = ApiError { code, message: self.to_string(), limit: self.limit() };
        Rejection { id, error, retry_ms }
    }

    /// Names the limit that is reached, if it is one.
    fn limit(&self) -> Option<Limit> {
        let (name, max) = match *self {
            Self::TooManyRooms => (LimitName::Rooms, ROOMS),
            Self::TooManyPeople => (LimitName::PeoplePerRoom, PEOPLE),
            Self::TooManyFromHere(most) => (LimitName::PeoplePerAddress, most),
            Self::TooManyRoomsFromHere(most) => (LimitName::RoomsPerAddress, most),
            Self::Log(PublishError::TooLong { limit, .. }) => (LimitName::PublicationBytes, limit),
            Self::Log(PublishError::TooManyTopics(most)) => (LimitName::Topics, most),
            Self::NoRoom(_) | Self::Bad(_) | Self::Log(_) => return None,
        };
        Some(Limit::new(name, max))
    }
}
