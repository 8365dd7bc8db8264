//! All transports' server ends, together.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hub::{Hub, WireFormat};

use crate::{gate::Admission, inbound::InboundHandler, socketio::RawNamespace};

/// What every server end needs; cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    /// The log.
    pub hub: Hub,
    /// How many may come, and how much each may use.
    pub admission: Admission,
    /// When to speak without anything to say.
    pub pace: Arc<Pace>,
    /// What is done with what clients send.
    pub inbound: Arc<dyn InboundHandler>,
    /// Whether a WebSocket compresses, where the client offers it.
    pub compression: bool,
}

/// The times of a connection.
#[derive(Debug, Clone)]
pub struct Pace {
    /// The longest silence between two frames.
    pub heartbeat: Duration,
    /// When a client whose line broke should come back, unless it was told otherwise.
    pub retry: Duration,
    /// How long a one-way line stays before it ends with a `bye` and is asked for again; for ever without it. Its reader
    /// may have left behind a proxy that says nothing of it.
    pub max_age: Option<Duration>,
}

/// Every wire form, for figures.
pub const FORMS: &[&WireFormat] = &[
    &crate::sse::BLOCK,
    &crate::sse::CHUNK,
    &crate::sse::BARE,
    &crate::sse::BARE_CHUNK,
    &crate::websocket::TEXT,
    &crate::websocket::DEFLATED,
    &crate::websocket::DEFLATED_NARROW,
    &crate::http_stream::LINE,
    &crate::http_stream::CHUNK,
    &crate::polling::ITEM,
    &crate::socketio::wire::MAIN_FRAME,
    &crate::socketio::wire::KIND_FRAME,
    &crate::socketio::wire::MAIN_PACKET,
    &crate::socketio::wire::KIND_PACKET,
];

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

impl Live {
    /// The routes of the catalog.
    pub fn router(self) -> Router {
        self.router_with(Vec::new())
    }

    /// The same, with these plain namespaces on Socket.IO.
    pub fn router_with(self, raw_namespaces: Vec<RawNamespace>) -> Router {
        Router::new()
            .merge(crate::websocket::server::routes())
            .merge(crate::sse::server::routes())
            .merge(crate::http_stream::server::routes())
            .merge(crate::long_polling::server::routes())
            .merge(crate::polling::server::routes())
            .merge(crate::inbound::routes())
            .with_state(self.clone())
            .merge(crate::socketio::server::routes(self, raw_namespaces))
    }
}

#[cfg(test)]
mod tests {
    use super::FORMS;

    #[test]
    fn no_two_forms_share_a_slot() {
        for (nth, form) in FORMS.iter().enumerate() {
            assert!(FORMS[..nth].iter().all(|other| other.slot() != form.slot()), "{}", form.name);
        }
    }
}
