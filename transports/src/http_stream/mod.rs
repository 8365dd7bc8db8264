//! HTTP streaming: a body that never ends, one JSON frame a line (NDJSON, `application/x-ndjson`).

#[cfg(feature = "client")]
pub mod client;
#[cfg(any(test, feature = "client"))]
mod lines;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
mod wire;

#[cfg(feature = "server")]
pub(crate) use wire::{CHUNK, LINE};

mod scale;

pub use scale::SCALE;

use crate::catalog::Entry;

/// This transport in the catalog.
pub const ENTRY: Entry = Entry {
    id: "http_stream",
    name: "HTTP streaming",
    path: "/live/stream",
    two_way: false,
    fallback: true,
    timed: false,
};
