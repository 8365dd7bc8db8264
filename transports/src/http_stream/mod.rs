//! HTTP streaming: a body that never ends, one JSON frame a line (NDJSON, `application/x-ndjson`).

#[cfg(feature = "client")]
pub mod client;
#[cfg(any(test, feature = "client"))]
mod line_reader;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub(crate) mod wire;

mod wire_size;

pub use wire_size::WIRE_SIZE;

use crate::{entry::Entry, transport::Transport, wire_size::WireSize};

/// This transport in the catalog.
pub const ENTRY: Entry = Entry {
    id: "http_stream",
    name: "HTTP streaming",
    path: "/live/stream",
    two_way: false,
    fallback: true,
    timed: false,
};

/// This transport, for the registry.
#[derive(Debug)]
pub struct HttpStream;

impl Transport for HttpStream {
    const ENTRY: &'static Entry = &ENTRY;
    const WIRE_SIZE: WireSize = WIRE_SIZE;
}
