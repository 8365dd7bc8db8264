//! Errors of changing sources.

use common::{frame::ErrorCode, status::ExactStatus};
use store::StoreError;
use transports::gate::ApiRejection;

/// Why a source is not made or changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceChangeError {
    /// It makes no sense; the text says why. 422.
    #[error("{0}")]
    Invalid(String),
    /// The name is another one's. 400 `bad_request`.
    #[error("there is another one of this name already")]
    NameTaken,
    /// There is none of this number. 404 `not_found`.
    #[error("there is none of the number {0}")]
    Unknown(String),
    /// Someone else has changed it meanwhile. 400 `bad_request`.
    #[error("someone else has changed it meanwhile: look at it again")]
    Conflict,
    /// The store does not answer. 503 `store_unavailable`.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for SourceChangeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NameTaken => Self::NameTaken,
            StoreError::Conflict => Self::Conflict,
            StoreError::Invalid { .. } => Self::Invalid(error.to_string()),
            error => Self::Store(error),
        }
    }
}

impl From<SourceChangeError> for ApiRejection {
    fn from(error: SourceChangeError) -> Self {
        let message = error.to_string();
        match error {
            SourceChangeError::Invalid(_) => Self::exact(ExactStatus::UnprocessableContent, message),
            SourceChangeError::NameTaken | SourceChangeError::Conflict => {
                Self::new(ErrorCode::BadRequest, message)
            }
            SourceChangeError::Unknown(_) => Self::new(ErrorCode::NotFound, message),
            SourceChangeError::Store(_) => Self::new(ErrorCode::StoreUnavailable, message),
        }
    }
}
