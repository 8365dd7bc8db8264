//! The wires over one log. Each transport is a folder with its `wire` (what the bytes look like), its `server` end
//! and its `client` end side by side; the registry enters them once, for settings, pages, tests and benches.
//!
//! A transport reads and writes, and that is all: who receives what is `hub`'s, who may connect is `gate`'s.

pub mod catalog;
mod entry;
pub mod http_stream;
pub mod inbound;
pub mod long_polling;
pub mod polling;
mod registry;
pub mod socketio;
pub mod sse;
pub mod transport;
pub mod websocket;
pub mod wire_size;

#[cfg(feature = "client")]
pub mod browser;
#[cfg(feature = "server")]
pub mod conn;
#[cfg(feature = "server")]
pub mod connections;
#[cfg(all(feature = "server", feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "server")]
pub mod gate;
#[cfg(feature = "server")]
pub mod live;
#[cfg(feature = "server")]
pub mod routes;
#[cfg(feature = "server")]
mod server_transport;
#[cfg(feature = "server")]
mod wire;
