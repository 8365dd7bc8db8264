//! Long polling: a poll is answered when there is something new. Its responses are those of polling.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
mod query;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
mod session;

mod wire_size;

pub use wire_size::WIRE_SIZE;

use crate::{entry::Entry, transport::Transport, wire_size::WireSize};

/// This transport in the catalog.
pub const ENTRY: Entry = Entry {
    id: "long_polling",
    name: "Long polling",
    path: "/live/long-poll",
    two_way: false,
    fallback: true,
    timed: false,
};

/// This transport, for the registry.
#[derive(Debug)]
pub struct LongPolling;

impl Transport for LongPolling {
    const ENTRY: &'static Entry = &ENTRY;
    const WIRE_SIZE: WireSize = WIRE_SIZE;
}
