//! The wires that are measured, each read by hand: a library's buffers would weigh more than the server.

mod event_stream;
mod websocket;

use anyhow::Result;

/// One way of following a topic.
#[derive(Debug)]
pub(crate) struct Wire {
    /// Its name in tables.
    pub(crate) name: &'static str,
    /// What the request's head holds beside path and host.
    pub(crate) headers: &'static str,
    /// The status that accepts it.
    pub(crate) accepted: &'static str,
    /// Reads what follows an answer's head.
    pub(crate) decoder: fn(head: &str) -> Box<dyn Decode>,
}

/// Takes a stream of bytes apart.
pub(crate) trait Decode {
    /// Reads on, and hands over each whole message.
    ///
    /// # Errors
    /// When the bytes break the wire's rules.
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()>;
}

/// Server-Sent Events.
pub(crate) static EVENT_STREAM: Wire = Wire {
    name: "SSE",
    headers: "Accept: text/event-stream\r\n",
    accepted: "200",
    decoder: event_stream::decoder,
};

/// WebSocket.
pub(crate) static WEBSOCKET: Wire = Wire {
    name: "WebSocket",
    headers: "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
              Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n",
    accepted: "101",
    decoder: websocket::decoder,
};

/// Both.
pub(crate) static WIRES: [&Wire; 2] = [&EVENT_STREAM, &WEBSOCKET];
