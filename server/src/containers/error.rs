//! Why containers cannot be told of, or nothing be done with one.

use common::{
    frame::ErrorCode,
    host::{BadHostId, HostId},
};
use container_engine::EngineError;
use transports::gate::ApiRejection;

/// Why containers cannot be told of, or nothing be done with one.
#[derive(Debug, thiserror::Error)]
pub(super) enum ContainersError {
    /// The name is no host's. 400 `bad_request`.
    #[error(transparent)]
    Id(#[from] BadHostId),
    /// The name is no container's. 400 `bad_request`.
    #[error("a container's id has 12 to 64 of 0-9 and a-f")]
    ContainerId,
    /// No host of this name is watched. 404 `not_found`.
    #[error("there is no host {0}")]
    NoHost(HostId),
    /// There is no such container. 404 `not_found`.
    #[error("there is no container {0}")]
    NoContainer(String),
    /// The agent of this host has not told its list to this run of the server. 503 `source_unavailable`.
    #[error("the agent of {0} has not told its containers yet")]
    Untold(HostId),
    /// An agent reports, and its machine is asked for nothing. 422 `bad_request`.
    #[error(
        "{0} is another machine, and its agent only reports: its own engine tells the rest of its containers, and starts and stops them"
    )]
    Elsewhere(HostId),
    /// The host's owner has not allowed it. 403 `not_allowed`.
    #[error(
        "containers of this host are not started or stopped from here: its owner may set containers.actions"
    )]
    ActionsOff,
    /// There is no engine. 404 `not_found`.
    #[error("there is no container engine: {0}")]
    Off(String),
    /// The engine does not answer. 503 `source_unavailable`.
    #[error("the container engine does not answer: {0}")]
    Away(String),
    /// The engine could not do it. 422 `bad_request`.
    #[error("{0}")]
    NotDone(EngineError),
}

impl ContainersError {
    /// An error of the engine, about a container.
    pub(super) fn of_engine(error: EngineError, id: &str) -> Self {
        match error {
            EngineError::NoSuchContainer => Self::NoContainer(id.to_owned()),
            EngineError::Status { .. } => Self::NotDone(error),
            error => Self::Away(error.to_string()),
        }
    }
}

impl From<ContainersError> for ApiRejection {
    fn from(error: ContainersError) -> Self {
        let code = match error {
            ContainersError::Id(_) | ContainersError::ContainerId => ErrorCode::BadRequest,
            ContainersError::NoHost(_) | ContainersError::NoContainer(_) | ContainersError::Off(_) => {
                ErrorCode::NotFound
            }
            ContainersError::ActionsOff => ErrorCode::NotAllowed,
            ContainersError::Away(_) | ContainersError::Untold(_) => ErrorCode::SourceUnavailable,
            ContainersError::NotDone(_) | ContainersError::Elsewhere(_) => {
                return Self::exact(common::status::ExactStatus::UnprocessableContent, error.to_string());
            }
        };
        Self::new(code, error.to_string())
    }
}
