//! What packets travel on.

mod polling;
mod websocket;

pub(super) use polling::Polling;
pub(super) use websocket::Socket;

use crate::socketio::ENTRY;

/// Dropping it ends it.
pub(super) trait Carrier {
    /// Sends a packet; `false` where it cannot.
    fn put(&self, packet: &str) -> bool;
}

fn address(transport: &str) -> String {
    format!("{}/?EIO=4&transport={transport}", ENTRY.path)
}
