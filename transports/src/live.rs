//! The state that all transports' servers share.

use std::{sync::Arc, time::Duration};

use access::Authorizer;
use fanout::Hub;

use crate::{gate::Admission, inbound::InboundHandler, socketio::RawNamespace};

/// The state that all transports' servers share; cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    /// The log.
    pub hub: Hub,
    /// Says who may follow which topics.
    pub authorizer: Arc<dyn Authorizer>,
    /// The limits, and the live connections.
    pub admission: Admission,
    /// The times of all connections: heartbeat, retry, age.
    pub pace: Arc<Pace>,
    /// The handler of messages from clients.
    pub inbound: Arc<dyn InboundHandler>,
    /// A WebSocket compresses, if the client offers it.
    pub compression: bool,
    /// Namespaces of Socket.IO that tell one topic's payloads alone.
    pub raw_namespaces: Arc<[RawNamespace]>,
}

/// The times of a connection.
#[derive(Debug, Clone)]
pub struct Pace {
    /// The longest silence between two frames.
    pub heartbeat: Duration,
    /// The time after which a client whose connection broke should come back, unless it was told otherwise.
    pub retry: Duration,
    /// The age at which a one-way connection ends with a `bye` and is opened again; `None` for no limit. Its reader
    /// may have left behind a proxy that does not report it.
    pub max_age: Option<Duration>,
}

impl Pace {
    /// The retry as frames say it.
    #[must_use]
    pub fn retry_ms(&self) -> u64 {
        u64::try_from(self.retry.as_millis()).unwrap_or(u64::MAX)
    }

    /// The heartbeat as frames say it.
    #[must_use]
    pub fn heartbeat_ms(&self) -> u64 {
        u64::try_from(self.heartbeat.as_millis()).unwrap_or(u64::MAX)
    }
}
