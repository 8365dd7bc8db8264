//! Containers over REST, for pages and programs.

use access::Action;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, State, rejection::PathRejection},
    routing::{get, post},
};
use common::{
    container::{
        ContainerActionAnswer, ContainerActionRequest, ContainerDetail, ContainerHistory, ContainerList,
    },
    frame::ErrorCode,
    host::HostId,
    status::ExactStatus,
};
use serde_json::json;
use transports::gate::ApiRejection;

use super::{
    actions,
    api_state::{BODY, ContainersState},
    detail,
    error::ContainersError,
};
use crate::{
    access::Caller,
    openapi::operation::{
        ErrorAnswer::{Code, Exact},
        Operation,
        OperationGroup::Hosts as GROUP,
    },
    web::rejections,
};

pub(super) fn routes() -> Router<ContainersState> {
    Router::new()
        .route("/api/v1/hosts/{id}/containers", get(list))
        .route("/api/v1/hosts/{id}/containers/{container}", get(detail::detail))
        .route("/api/v1/hosts/{id}/containers/{container}/history", get(detail::history))
        .route("/api/v1/hosts/{id}/containers/{container}/actions", post(actions::act))
        .layer(DefaultBodyLimit::max(BODY))
}

/// A container's id, in an address.
struct ContainerSegment;

impl utoipa::PartialSchema for ContainerSegment {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[0-9a-f]{12,64}$"))
            .into()
    }
}

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    let none_such = || [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)];
    let of_one = |operation: Operation| {
        operation
            .segment::<HostId>("id", "The host.")
            .segment::<ContainerSegment>(
                "container",
                "The container: its id, or 12 and more digits of its beginning.",
            )
            .fails(none_such())
    };
    vec![
        Operation::get("/api/v1/hosts/{id}/containers", "listContainers", GROUP, "List a host's containers")
            .description("With its engine, and the place in the log from which `docker/ID` goes on.")
            .segment::<HostId>("id", "The host.")
            .answers::<ContainerList>(200, "The containers at this moment.")
            .fails(none_such()),
        of_one(Operation::get(
            "/api/v1/hosts/{id}/containers/{container}",
            "getContainer",
            GROUP,
            "Look at a container",
        ))
        .description("With its configuration, in which values that look like secrets are masked. It is for those who may read `logs/ID/*`, and of the server's own machine alone.")
        .answers::<ContainerDetail>(200, "The container.")
        .fails([Code(ErrorCode::SourceUnavailable), Exact(ExactStatus::UnprocessableContent)]),
        of_one(Operation::get(
            "/api/v1/hosts/{id}/containers/{container}/history",
            "getContainerHistory",
            GROUP,
            "Read a container's last hour",
        ))
        .answers::<ContainerHistory>(200, "Its usage, in steps of ten seconds; of another host a minute.")
        .fails([Code(ErrorCode::SourceUnavailable)]),
        of_one(Operation::post(
            "/api/v1/hosts/{id}/containers/{container}/actions",
            "controlContainer",
            GROUP,
            "Start, stop or restart a container",
        ))
        .description("Only where the host's owner has set `containers.actions`. The audit log notes who asked.")
        .body::<ContainerActionRequest>(json!({"action": "restart"}))
        .answers::<ContainerActionAnswer>(200, "It is done, or the engine is at it.")
        .fails([
            Code(ErrorCode::NotAllowed),
            Code(ErrorCode::SourceUnavailable),
            Exact(ExactStatus::UnprocessableContent),
        ]),
    ]
}

async fn list(
    State(state): State<ContainersState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<ContainerList>, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let host: HostId = id.parse().map_err(ContainersError::Id)?;
    caller.may(Action::ReadTopic, &host.containers_topic())?;
    let (remote, cores) = (state.host(&host)?, state.cores(&host));
    // The place first: the table has all that was published up to it, and perhaps more.
    let cursor = state.hub.head();
    let list = match remote {
        Some(remote) => remote.list(cores, cursor),
        None => state.table.list(host, cores, cursor),
    };
    let may_read = |host: &HostId| caller.may(Action::ReadTopic, &host.containers_topic()).is_ok();
    let others = state.remote.with_engine();
    let hosts = std::iter::once(HostId::local()).chain(others).filter(may_read).collect();
    Ok(Json(ContainerList { hosts, ..list }))
}
