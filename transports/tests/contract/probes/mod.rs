//! One client for each transport, from the documented wire alone.

mod deflated;
pub mod http;
mod http_stream;
mod poll;
mod socketio;
mod sse;
mod websocket;

pub use deflated::{Deflated, OFFER, Socket, compressed};
pub use http_stream::HttpStream;
pub use poll::{LongPolling, Polling};
pub use socketio::{SocketIo, SocketIoPolling};
pub use sse::Sse;
pub use websocket::WebSocket;

use crate::probe::Probe;

pub fn all() -> [&'static dyn Probe; 6] {
    [&WebSocket, &Sse, &HttpStream, &LongPolling, &Polling, &SocketIo]
}
