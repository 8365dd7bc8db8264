//! Clients for tests: one for each transport, from the documented wire alone. What breaks a promise of the protocol panics; a connection
//! that breaks is [`Seen::End`].

#![allow(missing_docs, unreachable_pub, clippy::missing_panics_doc, reason = "only tests read it")]

mod deflated;
pub mod http;
mod http_stream;
mod masked_frame;
mod poll;
mod probe;
mod socketio;
mod sse;
mod websocket;

pub use deflated::{Deflated, OFFER, Socket, compressed};
pub use http_stream::HttpStream;
pub use masked_frame::{KEY, masked_frame};
pub use poll::{LongPolling, Polling};
pub use probe::{Ask, Connection, LONG_WAIT, Probe, Refused, Seen};
pub use socketio::{SocketIo, SocketIoPolling};
pub use sse::Sse;
pub use websocket::WebSocket;

/// One client for each entry of the catalog.
#[must_use]
pub fn all() -> [&'static dyn Probe; 6] {
    [&WebSocket, &Sse, &HttpStream, &LongPolling, &Polling, &SocketIo]
}
