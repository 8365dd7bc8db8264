//! The terms on which a server keeps its connections.

use std::time::Duration;

/// The terms of all connections of one server.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// The interval of pings.
    pub ping_interval: Duration,
    /// The time within which the client has to answer a ping.
    pub ping_timeout: Duration,
    /// The time within which an upgrade from long-polling to a WebSocket has to end.
    pub upgrade_timeout: Duration,
    /// The longest message or body from a client, bytes; 0 for no limit.
    pub max_payload: usize,
    /// Packets a second from one client, with bursts of twice as many; 0 for no limit.
    pub messages_per_second: u32,
    /// The time for which a client may take nothing before it is given up: no request on long-polling, no byte on a
    /// WebSocket.
    pub stall: Duration,
    /// Sessions on long-polling; 0 for no limit.
    pub sessions: usize,
}
