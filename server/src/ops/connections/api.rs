//! `GET /api/v1/connections`, `DELETE /api/v1/connections/ID`, `GET /api/v1/connections/ID/frames`.

use std::net::SocketAddr;

use axum::{
    Json, Router,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderName, StatusCode},
    response::Response,
    routing::{delete, get},
};
use common::{connection::Connections, frame::ErrorCode, limit::LimitName};
use transports::{conn::ConnectionTakeover, gate::ApiRejection, live::Live};

use super::{
    nodes,
    query::{ConnectionsError, ConnectionsQuery, unknown},
};
use crate::{
    openapi::operation::{
        ErrorAnswer::{Code, Limit},
        Operation,
        OperationGroup::Connections as GROUP,
    },
    web::{headers::UNKEPT, rejections},
};

/// The state of its routes; cheap to clone.
#[derive(Clone)]
pub(in crate::ops) struct ConnectionsApi {
    pub(in crate::ops) live: Live,
    /// The address that the server listens on.
    pub(in crate::ops) address: SocketAddr,
}

/// Answers other nodes, too, from now on.
pub(in crate::ops) fn routes(api: ConnectionsApi) -> Router {
    nodes::answer(&api.live, api.address);
    Router::new()
        .route("/api/v1/connections", get(list))
        .route("/api/v1/connections/{id}", delete(disconnect))
        .route("/api/v1/connections/{id}/frames", get(frames))
        .with_state(api)
}

/// Describes the routes.
pub(in crate::ops) fn operations() -> Vec<Operation> {
    const NUMBER: &str = "The connection's number.";
    vec![
        Operation::get("/api/v1/connections", "listConnections", GROUP, "List live connections")
            .description("Those of all nodes that share the log. The operator's token opens it, too.")
            .query::<ConnectionsQuery>()
            .answers::<Connections>(200, "The connections that match."),
        Operation::delete("/api/v1/connections/{id}", "endConnection", GROUP, "End a connection")
            .description("Its client is told, and may come back.")
            .segment::<u64>("id", NUMBER)
            .answers_nothing("It ends.")
            .fails([Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)]),
        Operation::get(
            "/api/v1/connections/{id}/frames",
            "followConnection",
            GROUP,
            "Follow a connection's frames",
        )
        .description(
            "Server-Sent Events without end: each event is a frame, as docs/protocol.md describes it.",
        )
        .segment::<u64>("id", NUMBER)
        .answers_text(200, "text/event-stream", "The frames from now on, both ways.")
        .fails([
            Code(ErrorCode::BadRequest),
            Code(ErrorCode::NotFound),
            Limit(LimitName::FollowedConnections),
        ]),
    ]
}

async fn list(
    State(api): State<ConnectionsApi>,
    query: Result<Query<ConnectionsQuery>, QueryRejection>,
) -> Result<([(HeaderName, &'static str); 1], Json<Connections>), ApiRejection> {
    let Query(asked) = query.map_err(rejections::query)?;
    asked.clone().wanted()?;
    Ok((UNKEPT, Json(nodes::list(&api.live, &asked).await)))
}

async fn disconnect(
    State(api): State<ConnectionsApi>,
    id: Result<Path<String>, PathRejection>,
) -> Result<([(HeaderName, &'static str); 1], StatusCode), ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    if nodes::disconnect(&api.live, number(&id)?).await {
        Ok((UNKEPT, StatusCode::NO_CONTENT))
    } else {
        Err(unknown(&id).into())
    }
}

async fn frames(
    State(api): State<ConnectionsApi>,
    id: Result<Path<String>, PathRejection>,
    takeover: ConnectionTakeover,
) -> Result<Response, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let follow = api.live.follow(number(&id)?)?;
    Ok(follow.stream(takeover).await)
}

/// A text that is no number names no connection either.
fn number(id: &str) -> Result<u64, ConnectionsError> {
    id.parse().map_err(|_| unknown(id))
}
