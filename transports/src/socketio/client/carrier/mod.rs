//! The carriers of Engine.IO packets.

mod polling;
mod websocket;

pub(super) use polling::PollingCarrier;
pub(super) use websocket::WebSocketCarrier;

use crate::socketio::ENTRY;

/// Dropping it ends it.
pub(super) trait ClientCarrier {
    /// Sends a packet; `false` where it cannot.
    fn put(&self, packet: &str) -> bool;
}

fn address(transport: &str) -> String {
    format!("{}/?EIO=4&transport={transport}", ENTRY.path)
}
