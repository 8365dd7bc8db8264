//! Why lines are not told.

use std::time::Duration;

use common::{
    frame::ErrorCode,
    host::{BadHostId, HostId},
    limit::LimitName,
    logs::BadLogSource,
    stream::{BadStreamId, StreamId},
};
use container_engine::EngineError;
use transports::gate::ApiRejection;

use crate::streams::StreamError;

/// An engine that is away is asked again after this.
const RETRY: Duration = Duration::from_secs(5);

/// Why a request for lines is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum LogsError {
    /// The name is no host's. 400 `bad_request`.
    #[error(transparent)]
    Host(#[from] BadHostId),
    /// No host of this name is watched. 404 `not_found`.
    #[error("there is no host {0}")]
    NoHost(HostId),
    /// The text is no source. 400 `bad_request`.
    #[error(transparent)]
    Source(#[from] BadLogSource),
    /// The name is no stream's. 400 `bad_request`.
    #[error(transparent)]
    Stream(#[from] BadStreamId),
    /// There is no such stream of lines. 404 `not_found`.
    #[error("there is no stream {0} of this host's lines, or it has ended")]
    NoStream(StreamId),
    /// Something of the request makes no sense. 400 `bad_request`.
    #[error("{0}")]
    Invalid(String),
    /// There is no such source. 404 `not_found`.
    #[error("{0}")]
    NoSource(String),
    /// The engine does not answer now. 503 `source_unavailable`.
    #[error("the container engine does not answer now: {0}")]
    EngineAway(String),
    /// Kept lines cannot be read. 503 `source_unavailable`.
    #[error("kept lines cannot be read now: {0}")]
    NotRead(String),
    /// As many lines are read as may be. 429 `limit_reached`.
    #[error("lines are read for {0} readers already, as many as there may be")]
    TooMany(usize),
    /// More requests from one address than it may send. 429 `limit_reached`.
    #[error("more than {0} requests a second, as many as one address may send")]
    TooFast(u32),
    /// No stream can be opened.
    #[error(transparent)]
    NotOpened(#[from] StreamError),
}

impl From<LogsError> for ApiRejection {
    fn from(error: LogsError) -> Self {
        let message = error.to_string();
        match error {
            LogsError::Host(_) | LogsError::Source(_) | LogsError::Stream(_) | LogsError::Invalid(_) => {
                Self::new(ErrorCode::BadRequest, message)
            }
            LogsError::NoHost(_) | LogsError::NoStream(_) | LogsError::NoSource(_) => {
                Self::new(ErrorCode::NotFound, message)
            }
            LogsError::EngineAway(_) | LogsError::NotRead(_) => {
                Self::new(ErrorCode::SourceUnavailable, message).retry_after(RETRY)
            }
            LogsError::TooMany(most) => {
                Self::limit_reached(LimitName::Streams, most, message).retry_after(RETRY)
            }
            LogsError::TooFast(rate) => {
                Self::limit_reached(LimitName::PublicationsPerSecond, rate as usize, message)
                    .retry_after(Duration::from_secs(1))
            }
            LogsError::NotOpened(error) => error.into(),
        }
    }
}

/// A source has failed while it was read. It is told as a sentence, at the end of the stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct SourceError(pub(super) String);

impl From<EngineError> for SourceError {
    fn from(error: EngineError) -> Self {
        Self(error.to_string())
    }
}
