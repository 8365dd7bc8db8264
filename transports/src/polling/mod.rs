//! Polling: a request now and then, answered at once with everything since the last one.

#[cfg(feature = "server")]
mod answer;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
mod poll_loop;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub(crate) mod wire;

#[cfg(feature = "server")]
pub(crate) use answer::{PollBatch, not_modified, retry_later, trace};

#[cfg(feature = "client")]
pub(crate) use poll_loop::{PollConfig, open as poll_loop};

mod wire_size;

pub use wire_size::WIRE_SIZE;

use crate::{entry::Entry, transport::Transport, wire_size::WireSize};

/// This transport in the catalog.
pub const ENTRY: Entry =
    Entry { id: "polling", name: "Polling", path: "/live/poll", two_way: false, fallback: true, timed: true };

/// This transport, for the registry.
#[derive(Debug)]
pub struct Polling;

impl Transport for Polling {
    const ENTRY: &'static Entry = &ENTRY;
    const WIRE_SIZE: WireSize = WIRE_SIZE;
}
