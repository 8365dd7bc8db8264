//! WebSocket (RFC 6455): both ways on one line, JSON text frames, compressed where the client can undo it (RFC 7692).

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod decode;
#[cfg(feature = "server")]
mod deflate;
#[cfg(feature = "server")]
mod extensions;
#[cfg(all(feature = "server", feature = "fuzzing"))]
pub(crate) mod fuzzing;
#[cfg(feature = "server")]
pub mod handshake;
#[cfg(feature = "server")]
mod header;
#[cfg(feature = "server")]
mod inflate;
#[cfg(feature = "server")]
mod mask;
#[cfg(feature = "server")]
mod offers;
#[cfg(feature = "server")]
mod protocol_error;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod wire;

#[cfg(feature = "server")]
pub use deflate::Window;

mod wire_size;

pub use wire_size::WIRE_SIZE;

use crate::{entry::Entry, transport::Transport, wire_size::WireSize};

/// This transport in the catalog.
pub const ENTRY: Entry = Entry {
    id: "websocket",
    name: "WebSocket",
    path: "/live/ws",
    two_way: true,
    fallback: true,
    timed: false,
};

/// This transport, for the registry.
#[derive(Debug)]
pub struct WebSocket;

impl Transport for WebSocket {
    const ENTRY: &'static Entry = &ENTRY;
    const WIRE_SIZE: WireSize = WIRE_SIZE;
}
