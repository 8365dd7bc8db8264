//! One client for each transport, from the documented wire alone.

mod http;
mod sse;
mod websocket;

pub use sse::Sse;
pub use websocket::WebSocket;

use crate::probe::Probe;

pub fn all() -> [&'static dyn Probe; 2] {
    [&WebSocket, &Sse]
}
