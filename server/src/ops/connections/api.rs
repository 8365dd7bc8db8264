//! `GET /api/v1/connections`, `DELETE /api/v1/connections/ID`, `GET /api/v1/connections/ID/frames`.

use std::net::SocketAddr;

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderName, StatusCode},
    response::Response,
    routing::{delete, get},
};
use common::connection::Connections;
use transports::{conn::ConnectionTakeover, gate::ApiRejection, live::Live};

use super::{
    nodes,
    query::{ConnectionsError, ConnectionsQuery, unknown},
};
use crate::web::{headers::UNKEPT, rejections};

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
    Path(id): Path<String>,
) -> Result<([(HeaderName, &'static str); 1], StatusCode), ApiRejection> {
    if nodes::disconnect(&api.live, number(&id)?).await {
        Ok((UNKEPT, StatusCode::NO_CONTENT))
    } else {
        Err(unknown(&id).into())
    }
}

async fn frames(
    State(api): State<ConnectionsApi>,
    Path(id): Path<String>,
    takeover: ConnectionTakeover,
) -> Result<Response, ApiRejection> {
    let follow = api.live.follow(number(&id)?)?;
    Ok(follow.stream(takeover).await)
}

/// A text that is no number names no connection either.
fn number(id: &str) -> Result<u64, ConnectionsError> {
    id.parse().map_err(|_| unknown(id))
}
