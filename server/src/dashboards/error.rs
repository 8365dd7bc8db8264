//! Errors of dashboards.

use app::{
    door::{DashboardFault, FormProblem},
    i18n::Language,
};
use axum::http::StatusCode;
use common::{frame::ErrorCode, status::ExactStatus};
use store::StoreError;
use transports::gate::ApiRejection;

/// Why a dashboard is not told, made or changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum DashboardError {
    /// It makes no sense, or there is no room; the text says why. 422.
    #[error("{0}")]
    Invalid(String),
    /// It makes no sense, in a way that has a sentence in each language. 422.
    #[error("{}", .0.sentence(Language::En))]
    Fault(DashboardFault),
    /// Its name is none; the text says why. 422.
    #[error("{0}")]
    BadName(String),
    /// The name is another one's. 400 `bad_request`.
    #[error("there is another dashboard of this name already")]
    NameTaken,
    /// There is none of this number. 404 `not_found`.
    #[error("there is no dashboard of the number {0}")]
    Unknown(String),
    /// Someone else has changed it meanwhile. 409 `bad_request`.
    #[error("someone else has changed the dashboard meanwhile: read it again, and send its new version")]
    Conflict,
    /// The store does not answer. 503 `store_unavailable`.
    #[error(transparent)]
    Store(StoreError),
}

impl DashboardError {
    /// The problem that a form tells; none where the store is at fault.
    pub(super) fn problem(&self) -> Option<FormProblem> {
        Some(match self {
            Self::Invalid(reason) => FormProblem::SourceInvalid { reason: reason.clone() },
            Self::Fault(fault) => FormProblem::DashboardInvalid(fault.clone()),
            Self::BadName(_) => FormProblem::DashboardNameInvalid,
            Self::NameTaken => FormProblem::SourceNameTaken,
            Self::Conflict => FormProblem::ChangedMeanwhile,
            Self::Unknown(_) => FormProblem::Gone,
            Self::Store(_) => return None,
        })
    }

    /// The status of a document that tells it.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Fault(DashboardFault::LongImport { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl DashboardError {
    /// True of a dashboard that is not there, or whose content cannot be read: a wall passes over it.
    pub(super) const fn is_of_one(&self) -> bool {
        matches!(self, Self::Unknown(_) | Self::Store(StoreError::Damaged(_)))
    }
}

impl From<DashboardFault> for DashboardError {
    fn from(fault: DashboardFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<StoreError> for DashboardError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NameTaken => Self::NameTaken,
            StoreError::Conflict => Self::Conflict,
            StoreError::Invalid { field: "dashboard's name", .. } => Self::BadName(error.to_string()),
            StoreError::Invalid { .. } => Self::Invalid(error.to_string()),
            error => Self::Store(error),
        }
    }
}

impl From<DashboardError> for ApiRejection {
    fn from(error: DashboardError) -> Self {
        let message = error.to_string();
        match error {
            DashboardError::Invalid(_) | DashboardError::Fault(_) | DashboardError::BadName(_) => {
                Self::exact(ExactStatus::UnprocessableContent, message)
            }
            DashboardError::NameTaken => Self::new(ErrorCode::BadRequest, message),
            DashboardError::Unknown(_) => Self::new(ErrorCode::NotFound, message),
            DashboardError::Conflict => Self::exact(ExactStatus::Conflict, message),
            DashboardError::Store(_) => Self::new(ErrorCode::StoreUnavailable, message),
        }
    }
}
