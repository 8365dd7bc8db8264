//! `GET /api/v1/connections`, `DELETE /api/v1/connections/ID`, `GET /api/v1/connections/ID/frames`.

use std::net::SocketAddr;

use axum::{
    Json, Router,
    extract::{FromRef, Path, Query, State, rejection::QueryRejection},
    http::{HeaderName, StatusCode},
    response::Response,
    routing::{delete, get},
};
use common::{connection::Connections, frame::ErrorCode};
use serde::Deserialize;
use transports::{
    catalog,
    conn::ConnectionTakeover,
    connections::{ConnectionFilter, SortOrder},
    gate::ApiRejection,
    live::Live,
};

use crate::{
    operator::Operator,
    operator_token::OperatorToken,
    web::{headers::UNKEPT, rejections},
};

/// As many as one answer has unless it was asked for fewer or more,
const PAGE: usize = 200;
/// and at most.
const LONGEST: usize = 1_000;

/// The state of its routes; cheap to clone.
#[derive(Clone)]
pub(in crate::ops) struct ConnectionsApi {
    pub(in crate::ops) live: Live,
    pub(in crate::ops) operator: OperatorToken,
    /// The address that the server listens on.
    pub(in crate::ops) address: SocketAddr,
}

impl FromRef<ConnectionsApi> for OperatorToken {
    fn from_ref(api: &ConnectionsApi) -> Self {
        api.operator.clone()
    }
}

pub(in crate::ops) fn routes() -> Router<ConnectionsApi> {
    Router::new()
        .route("/api/v1/connections", get(list))
        .route("/api/v1/connections/{id}", delete(disconnect))
        .route("/api/v1/connections/{id}/frames", get(frames))
}

/// Why connections cannot be told of.
#[derive(Debug, thiserror::Error)]
enum ConnectionsError {
    /// The catalog has no transport of this name. 400 `bad_request`.
    #[error("there is no transport {0:?}")]
    Transport(String),
    /// More or fewer connections than an answer has. 400 `bad_request`.
    #[error("limit is {0}: it must be 1 to {LONGEST}")]
    Limit(usize),
    /// No connection has this number. 404 `not_found`.
    #[error("there is no connection {0}")]
    Unknown(String),
}

impl From<ConnectionsError> for ApiRejection {
    fn from(error: ConnectionsError) -> Self {
        let code = match error {
            ConnectionsError::Transport(_) | ConnectionsError::Limit(_) => ErrorCode::BadRequest,
            ConnectionsError::Unknown(_) => ErrorCode::NotFound,
        };
        Self::new(code, error.to_string())
    }
}

#[derive(Deserialize)]
#[serde(default)]
struct ConnectionsQuery {
    transport: String,
    address: String,
    topic: String,
    find: String,
    order: SortOrder,
    limit: usize,
}

impl Default for ConnectionsQuery {
    fn default() -> Self {
        Self {
            transport: String::new(),
            address: String::new(),
            topic: String::new(),
            find: String::new(),
            order: SortOrder::default(),
            limit: PAGE,
        }
    }
}

impl ConnectionsQuery {
    fn wanted(self) -> Result<ConnectionFilter, ConnectionsError> {
        let transport = match self.transport.as_str() {
            "" => None,
            id => Some(catalog::find(id).ok_or_else(|| ConnectionsError::Transport(short(id)))?),
        };
        if !(1..=LONGEST).contains(&self.limit) {
            return Err(ConnectionsError::Limit(self.limit));
        }
        let Self { address, topic, find, order, limit, .. } = self;
        Ok(ConnectionFilter { transport, address, topic, find, order, limit })
    }
}

async fn list(
    State(api): State<ConnectionsApi>,
    _: Operator,
    query: Result<Query<ConnectionsQuery>, QueryRejection>,
) -> Result<([(HeaderName, &'static str); 1], Json<Connections>), ApiRejection> {
    let Query(asked) = query.map_err(rejections::query)?;
    Ok((UNKEPT, Json(api.live.connections(&asked.wanted()?, api.address))))
}

async fn disconnect(
    State(api): State<ConnectionsApi>,
    _: Operator,
    Path(id): Path<String>,
) -> Result<([(HeaderName, &'static str); 1], StatusCode), ApiRejection> {
    if api.live.disconnect(number(&id)?) {
        Ok((UNKEPT, StatusCode::NO_CONTENT))
    } else {
        Err(unknown(&id).into())
    }
}

async fn frames(
    State(api): State<ConnectionsApi>,
    _: Operator,
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

fn unknown(id: &str) -> ConnectionsError {
    ConnectionsError::Unknown(short(id))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
