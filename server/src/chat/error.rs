//! The errors that a sender gets instead of a receipt.

use common::{MessageId, Topic, frame::ErrorCode, limit::LimitName, message::Rejection};
use fanout::PublishError;
use transports::gate::ApiRejection;

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

impl From<ChatError> for ApiRejection {
    fn from(error: ChatError) -> Self {
        let message = error.to_string();
        match error {
            ChatError::NoRoom(_) => Self::new(ErrorCode::UnknownTopic, message),
            ChatError::Bad(_) => Self::new(ErrorCode::BadMessage, message),
            ChatError::TooManyRooms => Self::limit_reached(LimitName::Rooms, ROOMS, message),
            ChatError::TooManyPeople => Self::limit_reached(LimitName::PeoplePerRoom, PEOPLE, message),
            ChatError::TooManyFromHere(most) => {
                Self::limit_reached(LimitName::PeoplePerAddress, most, message)
            }
            ChatError::TooManyRoomsFromHere(most) => {
                Self::limit_reached(LimitName::RoomsPerAddress, most, message)
            }
            ChatError::Log(error) => error.into(),
        }
    }
}

impl ChatError {
    /// For the sender of the message.
    pub(super) fn of(self, id: MessageId) -> Rejection {
        let retry_ms = match &self {
            Self::Log(PublishError::NotStored(_)) => Some(5_000),
            Self::Log(PublishError::Unavailable { retry }) => u64::try_from(retry.as_millis()).ok(),
            Self::Log(PublishError::Closed) => Some(1_000),
            _ => None,
        };
        Rejection { id, error: ApiRejection::from(self).into_error(), retry_ms }
    }
}
