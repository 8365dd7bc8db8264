//! Containers over REST, for pages and programs.

use access::Action;
use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    routing::get,
};
use common::{
    container::ContainerList,
    frame::ErrorCode,
    host::{BadHostId, HostId},
};
use fanout::Hub;
use transports::gate::ApiRejection;

use super::table::ContainerTable;
use crate::{
    access::Caller,
    openapi::operation::{ErrorAnswer::Code, Operation, OperationGroup::Hosts as GROUP},
    web::rejections,
};

/// The state of the routes.
#[derive(Clone)]
pub(super) struct ContainersState {
    pub(super) hub: Hub,
    pub(super) table: ContainerTable,
}

pub(super) fn routes() -> Router<ContainersState> {
    Router::new().route("/api/v1/hosts/{id}/containers", get(list))
}

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    let none_such = [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)];
    vec![
        Operation::get("/api/v1/hosts/{id}/containers", "listContainers", GROUP, "List a host's containers")
            .description("With its engine, and the place in the log from which `docker/ID` goes on.")
            .segment::<HostId>("id", "The host.")
            .answers::<ContainerList>(200, "The containers at this moment.")
            .fails(none_such),
    ]
}

/// Why containers cannot be told of.
#[derive(Debug, thiserror::Error)]
enum ContainersError {
    /// The name is no host's. 400 `bad_request`.
    #[error(transparent)]
    Id(#[from] BadHostId),
    /// No host of this name is watched. 404 `not_found`.
    #[error("there is no host {0}")]
    NoHost(HostId),
}

impl From<ContainersError> for ApiRejection {
    fn from(error: ContainersError) -> Self {
        let code = match error {
            ContainersError::Id(_) => ErrorCode::BadRequest,
            ContainersError::NoHost(_) => ErrorCode::NotFound,
        };
        Self::new(code, error.to_string())
    }
}

async fn list(
    State(ContainersState { hub, table }): State<ContainersState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<ContainerList>, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let host: HostId = id.parse().map_err(ContainersError::Id)?;
    caller.may(Action::ReadTopic, &host.containers_topic())?;
    if host != HostId::local() {
        return Err(ContainersError::NoHost(host).into());
    }
    // The place first: the table has all that was published up to it, and perhaps more.
    let cursor = hub.head();
    Ok(Json(table.list(host, cursor)))
}
