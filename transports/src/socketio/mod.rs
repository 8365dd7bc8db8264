//! Socket.IO, version 5: namespaces, events and acknowledgements over Engine.IO, for the official clients of any
//! language. Recovery is the log's: a client comes back with its cursor and misses nothing.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod engine;
#[cfg(feature = "server")]
mod log_bridge;
#[cfg(feature = "server")]
pub(crate) mod server;
#[cfg(feature = "server")]
pub mod sockets;
#[cfg(feature = "server")]
pub(crate) mod wire;

#[cfg(feature = "server")]
pub use log_bridge::RawNamespace;
#[cfg(feature = "server")]
pub use wire::{raw_frame, raw_packet};

mod wire_size;

pub use wire_size::WIRE_SIZE;

use crate::{entry::Entry, transport::Transport, wire_size::WireSize};

/// This transport in the catalog.
pub const ENTRY: Entry = Entry {
    id: "socketio",
    name: "Socket.IO",
    path: "/socket.io",
    two_way: true,
    fallback: false,
    timed: false,
};

/// This transport, for the registry.
#[derive(Debug)]
pub struct SocketIo;

impl Transport for SocketIo {
    const ENTRY: &'static Entry = &ENTRY;
    const WIRE_SIZE: WireSize = WIRE_SIZE;
}
