//! Server-Sent Events (WHATWG HTML §9.2): one way, plain HTTP, and the browser itself comes back with its place.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub(crate) mod wire;

#[cfg(feature = "server")]
pub(crate) use wire::COMMENT;
#[cfg(feature = "server")]
pub use wire::TYPE;

mod wire_size;

pub use wire_size::WIRE_SIZE;

use crate::{entry::Entry, transport::Transport, wire_size::WireSize};

/// This transport in the catalog.
pub const ENTRY: Entry = Entry {
    id: "sse",
    name: "Server-Sent Events",
    path: "/live/sse",
    two_way: false,
    fallback: true,
    timed: false,
};

/// This transport, for the registry.
#[derive(Debug)]
pub struct Sse;

impl Transport for Sse {
    const ENTRY: &'static Entry = &ENTRY;
    const WIRE_SIZE: WireSize = WIRE_SIZE;
}
