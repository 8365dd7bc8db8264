//! The query of the list of connections, and what is wrong with one.

use common::frame::ErrorCode;
use serde::{Deserialize, Serialize};
use transports::{
    catalog,
    connections::{ConnectionFilter, SortOrder},
    gate::ApiRejection,
};

/// As many as one answer has unless it was asked for fewer or more,
const PAGE: usize = 200;
/// and at most.
const LONGEST: usize = 1_000;

/// Why connections cannot be told of.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectionsError {
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

/// The query of the list, as it comes in the address and as nodes hand it on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ConnectionsQuery {
    transport: String,
    address: String,
    topic: String,
    find: String,
    pub(super) order: SortOrder,
    pub(super) limit: usize,
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
    /// Checks it.
    pub(super) fn wanted(self) -> Result<ConnectionFilter, ConnectionsError> {
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

pub(super) fn unknown(id: &str) -> ConnectionsError {
    ConnectionsError::Unknown(short(id))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
