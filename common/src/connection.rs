//! Live connections, as those see them who look after the server.

use serde::{Deserialize, Serialize};

use crate::Topic;

/// The connections of a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connections {
    /// The moment, milliseconds since 1970 by the server's clock.
    pub at: u64,
    /// The number of live connections.
    pub total: usize,
    /// The number of connections that match the query.
    pub matching: usize,
    /// The connections, up to as many as were asked for.
    pub connections: Vec<Connection>,
}

/// One live connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connection {
    /// Its number: given to no other while the server runs.
    pub id: u64,
    /// Its transport's id in the catalog.
    pub transport: String,
    /// The client's address and port.
    pub address: String,
    /// The topics that it follows.
    pub topics: Vec<Topic>,
    /// Since when, milliseconds since 1970 by the server's clock.
    pub since: u64,
    /// The entries of its topics that were not delivered yet.
    pub lag: u64,
    /// The bytes that were taken from the log for it and wait until its socket takes them.
    pub mailbox_bytes: u64,
    /// The round trip to its client, milliseconds, if it is known.
    pub round_trip_ms: Option<f64>,
    /// The entries that were delivered.
    pub sent: u64,
    /// The bytes that were written to it.
    pub sent_bytes: u64,
    /// The entries of its topics that were never delivered: replaced by newer ones, or evicted before it took them.
    pub dropped: u64,
    /// True while someone follows its frames.
    pub followed: bool,
}

/// A frame of a connection, as its followers get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Frame {
    /// The time, milliseconds since 1970 by the server's clock.
    pub at: u64,
    /// Which way it went.
    pub way: FrameDirection,
    /// The length: of a frame down, as it was written; of a frame up, its text.
    pub bytes: usize,
    /// The frame's text, or the beginning of it.
    pub text: String,
    /// The text goes on beyond what is shown.
    pub cut: bool,
}

/// Which way a frame goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FrameDirection {
    /// The client sent it.
    Up,
    /// To the client.
    Down,
}
