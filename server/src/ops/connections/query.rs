//! The query of the list of connections, and what is wrong with one.

use common::frame::ErrorCode;
use serde::{Deserialize, Serialize};
use transports::{
    catalog,
    connections::{ConnectionFilter, SortOrder},
    gate::ApiRejection,
};
use utoipa::{
    IntoParams,
    openapi::{Object, ObjectBuilder, schema::Type},
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
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct ConnectionsQuery {
    /// Only those on this transport, by its id in the catalog; of all where it is empty.
    #[param(schema_with = transports)]
    transport: String,
    /// Only those in whose client's address this stands.
    address: String,
    /// Only those that follow a topic in whose name this stands.
    topic: String,
    /// Only those in whose transport, address or topics this stands.
    find: String,
    /// The order: those with the most come first.
    #[param(schema_with = orders)]
    pub(super) order: SortOrder,
    /// The most connections of the answer.
    #[param(minimum = 1, maximum = 1000)]
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

fn transports() -> Object {
    let ids = catalog::CATALOG.iter().map(|entry| entry.id);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(ids.chain([""]))).build()
}

fn orders() -> Object {
    let words = ["since", "lag", "mailbox", "sent", "dropped"];
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .default(Some(serde_json::json!(SortOrder::default())))
        .build()
}

pub(super) fn unknown(id: &str) -> ConnectionsError {
    ConnectionsError::Unknown(short(id))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
