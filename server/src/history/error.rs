//! Why the past cannot be told.

use ::history::HistoryError;
use app::{door::ExploreProblem, i18n::Language};
use common::{
    frame::ErrorCode,
    host::{BadHostId, HostId},
};
use transports::gate::ApiRejection;

/// Why the past cannot be told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PastError {
    /// The name is no host's. 400 `bad_request`.
    #[error(transparent)]
    Id(#[from] BadHostId),
    /// No host of this name is watched. 404 `not_found`.
    #[error("there is no host {0}")]
    NoHost(HostId),
    /// The question makes no sense. 400 `bad_request`.
    #[error("{0}")]
    Invalid(String),
    /// A view makes no sense, or a series of it is not there. 400 `bad_request` or 404 `not_found`.
    #[error("{}", .0.sentence(Language::En))]
    View(ExploreProblem),
    /// The settings say so. 404 `not_found`.
    #[error("no history is kept on this server: the setting history.keep is false")]
    Off,
    /// The disk cannot be read. 500 `internal`.
    #[error("the history cannot be read: {0}")]
    Unreadable(HistoryError),
    /// The search broke off. 500 `internal`.
    #[error("the question has failed")]
    BrokenOff,
}

impl From<HistoryError> for PastError {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::TooManyPoints { .. } => Self::Invalid(error.to_string()),
            error => Self::Unreadable(error),
        }
    }
}

impl From<PastError> for ApiRejection {
    fn from(error: PastError) -> Self {
        let code = match error {
            PastError::Id(_) | PastError::Invalid(_) => ErrorCode::BadRequest,
            PastError::NoHost(_) | PastError::Off => ErrorCode::NotFound,
            PastError::View(ref problem) if problem.is_absence() => ErrorCode::NotFound,
            PastError::View(_) => ErrorCode::BadRequest,
            PastError::Unreadable(_) | PastError::BrokenOff => ErrorCode::Internal,
        };
        Self::new(code, error.to_string())
    }
}
