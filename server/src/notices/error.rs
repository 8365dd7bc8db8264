//! The errors of notices, as programs are told.

use std::time::Duration;

use common::{frame::ErrorCode, limit::LimitName, status::ExactStatus};
use store::StoreError;
use transports::gate::ApiRejection;

use super::draft::DraftError;

/// Whoever is told that the store does not answer may ask again after this.
const RETRY: Duration = Duration::from_secs(2);

/// The most notices of one answer, and how many there are unless fewer are asked for.
pub(super) const PAGE: usize = 100;

/// Why a request about notices is not met.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoticeError {
    /// More from one address than it may send. 429 `limit_reached`.
    #[error("more notices a second than one address may send (limits.publications_per_second)")]
    TooFast(u32),
    /// The notice cannot be sent as it is written. 422 `bad_request`.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The key was given to a notice that says something else. 422 `bad_request`.
    #[error("this Idempotency-Key was given to notice {0}, which says something else")]
    KeyReused(u64),
    /// There is no such notice for whoever asks. 404 `not_found`.
    #[error("there is no notice {0} for you")]
    NotFound(u64),
    /// More or fewer notices than an answer has. 400 `bad_request`.
    #[error("limit is {0}: it must be 1 to {most}", most = PAGE)]
    Limit(usize),
    /// The store does not answer. 503 `store_unavailable`.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NoticeError> for ApiRejection {
    fn from(error: NoticeError) -> Self {
        let message = error.to_string();
        match error {
            NoticeError::TooFast(rate) => {
                Self::limit_reached(LimitName::PublicationsPerSecond, rate as usize, message)
                    .retry_after(Duration::from_secs(1))
            }
            NoticeError::Store(error) | NoticeError::Draft(DraftError::Store(error)) => {
                tracing::warn!(kind = error.kind(), %error, "notices cannot be read or written");
                let message = "notices cannot be read or written now: try again in a moment";
                Self::new(ErrorCode::StoreUnavailable, message).retry_after(RETRY)
            }
            NoticeError::Draft(_) | NoticeError::KeyReused(_) => {
                Self::exact(ExactStatus::UnprocessableContent, message)
            }
            NoticeError::NotFound(_) => Self::new(ErrorCode::NotFound, message),
            NoticeError::Limit(_) => Self::new(ErrorCode::BadRequest, message),
        }
    }
}
