//! The wires that are measured, each read by hand: a library's buffers would weigh more than the server.

mod answers;
mod body;
mod event_stream;
mod lab;
mod lines_and_chunks;
mod polls;
mod resume;
mod socket_io;
mod websocket;

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;

pub(crate) use lab::LAB_EPOCH;

/// One way of following a topic.
#[derive(Debug)]
pub(crate) struct Wire {
    /// Its name in tables; a peer's dialect of it has the same.
    pub(crate) name: &'static str,
    /// The lines of the request's head besides path and host.
    pub(crate) headers: &'static str,
    /// The status that accepts it; none where nothing is said until there is something to say.
    pub(crate) accepted: Option<&'static str>,
    /// The time between two questions, where they are asked by a clock.
    pub(crate) period: Option<Duration>,
    /// Subscribers at 20 and 100 publications a second, on which it can carry them without falling behind.
    pub(crate) subscribers: usize,
    /// The most connections that a server may be asked to keep.
    pub(crate) most: usize,
    /// Reads what a server says.
    pub(crate) decoder: fn(&Opening<'_>) -> Box<dyn Decode>,
}

/// The input that a decoder starts from.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    /// The head of the first answer; empty where none came yet.
    pub(crate) head: &'a str,
    /// The address of the server.
    pub(crate) address: SocketAddr,
    /// The path of the request.
    pub(crate) path: &'static str,
    /// Lines for the head of each question.
    pub(crate) manners: &'a str,
    /// The place from which the connection goes on; its default where it is the first.
    pub(crate) from: &'a ResumePoint,
}

/// The place from which a new connection goes on where the last one ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ResumePoint {
    /// The end of the path of the request.
    pub(crate) query: String,
    /// More fields of the handshake's JSON object.
    pub(crate) auth: String,
}

#[cfg(test)]
static FIRST: ResumePoint = ResumePoint { query: String::new(), auth: String::new() };

#[cfg(test)]
impl<'a> Opening<'a> {
    fn headed(head: &'a str) -> Self {
        Self::resumed(head, &FIRST)
    }

    fn resumed(head: &'a str, from: &'a ResumePoint) -> Self {
        Self { head, address: SocketAddr::from(([127, 0, 0, 1], 80)), path: "/live", manners: "", from }
    }
}

/// The bytes that a subscriber sends next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// As it is written.
    pub(crate) bytes: Vec<u8>,
    /// True if the bytes are due now; otherwise they wait for the subscriber's clock.
    pub(crate) at_once: bool,
}

/// Takes a stream of bytes apart, and answers where the wire asks for it.
pub(crate) trait Decode {
    /// Reads on, and hands over each whole message; one message may hold several publications.
    ///
    /// # Errors
    /// When the bytes break the wire's rules.
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()>;

    /// Returns the reply to the bytes read so far, once.
    fn reply(&mut self) -> Option<Reply> {
        None
    }

    /// Returns the place from which another connection can go on; none where the wire keeps none.
    fn resume_point(&self) -> Option<ResumePoint> {
        None
    }

    /// Returns true if the server has accepted the subscription.
    fn is_ready(&self) -> bool {
        true
    }
}

/// A server that pushes costs a few microseconds a delivery.
const SUBSCRIBERS: usize = 1000;
/// One that is asked for each delivery costs several times that, on both ends.
const POLLING_SUBSCRIBERS: usize = 250;

const HELD: Wire = Wire {
    name: "",
    headers: "",
    accepted: Some("200"),
    period: None,
    subscribers: SUBSCRIBERS,
    most: usize::MAX,
    decoder: lines_and_chunks::lines,
};

/// Server-Sent Events.
pub(crate) static EVENT_STREAM: Wire =
    Wire { name: "SSE", headers: "Accept: text/event-stream\r\n", decoder: event_stream::decoder, ..HELD };

/// WebSocket.
pub(crate) static WEBSOCKET: Wire =
    Wire { name: "WebSocket", headers: UPGRADE, accepted: Some("101"), decoder: websocket::decoder, ..HELD };

/// HTTP streaming: lines of JSON.
pub(crate) static STREAM: Wire = Wire { name: "HTTP stream", ..HELD };
/// Nchan's: a chunk is a message.
pub(crate) static CHUNK_STREAM: Wire =
    Wire { headers: "TE: chunked\r\n", decoder: lines_and_chunks::chunks, ..STREAM };

/// Long polling on a line that stays, each question from where the last answer ended.
pub(crate) static LONG_POLL: Wire =
    Wire { name: "long polling", subscribers: POLLING_SUBSCRIBERS, decoder: polls::held_by_cursor, ..HELD };
/// Nchan's, whose places are validators; the first question waits too.
pub(crate) static VALIDATOR_LONG_POLL: Wire =
    Wire { accepted: None, decoder: polls::held_by_validators, ..LONG_POLL };

/// Polling once a second, as our page does. Between two questions a line is a plain connection, of which Pulseboard keeps
/// 1,024 at once; the publisher needs one of them too.
pub(crate) static POLL: Wire = Wire {
    name: "polling",
    period: Some(Duration::from_secs(1)),
    subscribers: 500,
    most: 900,
    decoder: polls::by_clock,
    ..HELD
};

/// Socket.IO over WebSocket.
pub(crate) static SOCKET_IO: Wire = Wire { name: "Socket.IO", decoder: socket_io::decoder, ..WEBSOCKET };

/// WebSocket by a client that goes on from its cursor after a break.
pub(crate) static RESUMED_WEBSOCKET: Wire =
    Wire { name: "WebSocket after a break", decoder: resume::websocket, ..WEBSOCKET };
/// Socket.IO by a client that recovers its connection after a break.
pub(crate) static RESUMED_SOCKET_IO: Wire =
    Wire { name: "Socket.IO after a break", decoder: socket_io::recovering, ..SOCKET_IO };

const IN_LAB: Wire = Wire { decoder: lab::decoder, ..WEBSOCKET };
/// WebSockets on which the lab publishes, each its own topic.
pub(crate) static LABS: [Wire; 4] = [
    Wire { name: "lab 1", ..IN_LAB },
    Wire { name: "lab 2", ..IN_LAB },
    Wire { name: "lab 3", ..IN_LAB },
    Wire { name: "lab 4", ..IN_LAB },
];

const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n";

/// Every wire that is measured.
pub(crate) static WIRES: [&Wire; 6] = [&WEBSOCKET, &EVENT_STREAM, &STREAM, &LONG_POLL, &POLL, &SOCKET_IO];
/// Those on which the server writes without being asked.
pub(crate) static PUSHED: [&Wire; 4] = [&WEBSOCKET, &EVENT_STREAM, &STREAM, &SOCKET_IO];
/// Those that are not asked by a clock: there a latency is the server's.
pub(crate) static PROMPT: [&Wire; 5] = [&WEBSOCKET, &EVENT_STREAM, &STREAM, &LONG_POLL, &SOCKET_IO];
