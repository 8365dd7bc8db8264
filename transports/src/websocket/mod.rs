//! WebSocket (RFC 6455): both ways on one line, JSON text frames.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
mod decode;
#[cfg(feature = "server")]
mod handshake;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
mod wire;

#[cfg(feature = "server")]
pub(crate) use wire::TEXT;

use crate::catalog::Entry;

/// This transport in the catalog.
pub const ENTRY: Entry = Entry { id: "websocket", name: "WebSocket", path: "/live/ws", two_way: true };
