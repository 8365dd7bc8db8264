//! Why a stream is not written.

use std::time::Duration;

use common::{
    frame::ErrorCode,
    limit::LimitName,
    stream::{BadStreamId, StreamEndReason},
};
use fanout::PublishError;
use transports::gate::ApiRejection;

/// Why a stream is not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StreamError {
    /// It has ended. 409 `stream_ended`.
    #[error("the stream has ended: {}", word(*.0))]
    Ended(StreamEndReason),
    /// The name is none. 400 `bad_request`.
    #[error(transparent)]
    Id(#[from] BadStreamId),
    /// There is no such stream at this node. 404 `not_found`.
    #[error("there is no stream {0}: it was forgotten a minute after its end, or another node has opened it")]
    NoStream(String),
    /// As many as there may be. 429 `limit_reached`.
    #[error("{0} streams are open already, as many as there may be")]
    TooMany(usize),
    /// A title, an error or an end that cannot be taken. 400 `bad_request`.
    #[error("{0}")]
    Invalid(&'static str),
    /// Something that is no JSON. 400 `bad_request`.
    #[error("an item cannot be read: {0}")]
    Unreadable(serde_json::Error),
    /// An item is too long. 413 `limit_reached`.
    #[error("an item has more than {0} bytes")]
    ItemTooLong(usize),
    /// The body is of another type. 415 `bad_request`.
    #[error("items come as application/json, application/x-ndjson or text/plain")]
    MediaType,
    /// The body has broken off. 400 `bad_request`.
    #[error("the body has broken off: {0}")]
    BrokenOff(String),
    /// More requests from one address than it may send. 429 `limit_reached`.
    #[error("more than {0} requests a second to streams, as many as one address may send")]
    TooFast(u32),
    /// The system gives no random bytes. 500 `internal`.
    #[error("the system gives no random bytes")]
    NoRandomness,
    /// The log does not take it.
    #[error(transparent)]
    NotPublished(#[from] PublishError),
}

const fn word(reason: StreamEndReason) -> &'static str {
    match reason {
        StreamEndReason::Complete => "complete",
        StreamEndReason::Failed => "failed",
        StreamEndReason::Cancelled => "cancelled",
    }
}

impl From<StreamError> for ApiRejection {
    fn from(error: StreamError) -> Self {
        let message = error.to_string();
        match error {
            StreamError::Ended(_) => Self::new(ErrorCode::StreamEnded, message),
            StreamError::Id(_)
            | StreamError::Invalid(_)
            | StreamError::Unreadable(_)
            | StreamError::BrokenOff(_) => Self::new(ErrorCode::BadRequest, message),
            StreamError::NoStream(_) => Self::new(ErrorCode::NotFound, message),
            StreamError::TooMany(most) => {
                Self::limit_reached(LimitName::Streams, most, message).retry_after(Duration::from_secs(10))
            }
            StreamError::ItemTooLong(most) => Self::limit_reached(LimitName::PublicationBytes, most, message),
            StreamError::MediaType => Self::exact(common::status::ExactStatus::UnsupportedMediaType, message),
            StreamError::TooFast(rate) => {
                Self::limit_reached(LimitName::PublicationsPerSecond, rate as usize, message)
                    .retry_after(Duration::from_secs(1))
            }
            StreamError::NoRandomness => Self::new(ErrorCode::Internal, message),
            StreamError::NotPublished(error) => error.into(),
        }
    }
}
