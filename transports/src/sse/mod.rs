//! Server-Sent Events (WHATWG HTML §9.2): one way, plain HTTP, and the browser itself comes back with its place.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
mod wire;

#[cfg(feature = "server")]
pub use wire::TYPE;
#[cfg(feature = "server")]
pub(crate) use wire::{BARE, BARE_CHUNK, BLOCK, CHUNK, COMMENT};

mod wire_size;

pub use wire_size::WIRE_SIZE;

use crate::catalog::Entry;

/// This transport in the catalog.
pub const ENTRY: Entry = Entry {
    id: "sse",
    name: "Server-Sent Events",
    path: "/live/sse",
    two_way: false,
    fallback: true,
    timed: false,
};
