//! Live connections, as those see them who look after the server.

use serde::{Deserialize, Serialize};

use crate::Topic;

/// The connections of a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connections {
    /// When that was, milliseconds since 1970 by the server's clock.
    pub at: u64,
    /// How many there are.
    pub total: usize,
    /// How many of them were asked for.
    pub matching: usize,
    /// These, up to as many as were asked for.
    pub connections: Vec<Connection>,
}

/// One live connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its number: given to no other while the server runs.
    pub id: u64,
    /// Its transport's id in the catalog.
    pub transport: String,
    /// Where its client is: address and port.
    pub address: String,
    /// What it follows.
    pub topics: Vec<Topic>,
    /// Since when, milliseconds since 1970 by the server's clock.
    pub since: u64,
    /// Entries of its topics that it has not been told yet.
    pub lag: u64,
    /// What was taken from the log for it and waits until its socket takes it, bytes.
    pub mailbox_bytes: u64,
    /// From here to its client and back, milliseconds, where that is known.
    pub round_trip_ms: Option<f64>,
    /// Entries that it was told.
    pub sent: u64,
    /// Bytes that were written to it.
    pub sent_bytes: u64,
    /// Entries of its topics that it was never told: replaced by newer ones, or gone before it took them.
    pub dropped: u64,
    /// Whether someone follows what stands on it.
    pub followed: bool,
}

/// What stood on a connection, for those who follow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// When, milliseconds since 1970 by the server's clock.
    pub at: u64,
    /// Which way it went.
    pub way: FrameDirection,
    /// How long it is. Down, as it was written; up, its text.
    pub bytes: usize,
    /// What it says, or the beginning of that.
    pub text: String,
    /// Whether more stood behind the text.
    pub cut: bool,
}

/// Which way a frame goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameDirection {
    /// From the client.
    Up,
    /// To the client.
    Down,
}
