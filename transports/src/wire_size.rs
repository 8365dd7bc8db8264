//! The size of frames on each wire, for a reader who cannot see the bytes: a browser tells its pages what came, and
//! not how. Counted is what HTTP/1.1 and RFC 6455 add; TLS and TCP come on top, and are the same for all.

#[cfg(all(test, feature = "server"))]
mod tests;

use common::frame::{Event, ServerFrame};

use crate::entry::Entry;

/// The size of one transport's frames.
#[derive(Debug)]
pub struct WireSize {
    /// Which transport.
    pub entry: &'static Entry,
    /// The bytes of a frame with all that is around it; on answers, of its part of a body.
    pub encoded_len: fn(&ServerFrame) -> usize,
    /// The framing.
    pub framing: Framing,
}

/// The framing of a transport's frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// A body without end, in chunks.
    Stream,
    /// A response for every poll; browsers tell the size of each.
    Answers,
    /// A WebSocket that does not compress.
    Socket,
    /// A WebSocket that compresses where both ends do: what that saves, no browser tells.
    Deflated,
}

/// A frame as JSON.
pub(crate) fn json(frame: &ServerFrame) -> usize {
    match frame {
        ServerFrame::Event(event) => {
            r#"{"type":"event","cursor":"","data":}"#.len() + named(event) + place(event)
        }
        other => serde_json::to_string(other).map_or(0, |text| text.len()),
    }
}

/// The topic and the payload of an event, with the topic's name and the comma before it.
pub(crate) fn named(event: &Event) -> usize {
    r#""topic":"","#.len() + event.topic.as_str().len() + event.data.get().len()
}

/// The cursor of an event.
pub(crate) fn place(event: &Event) -> usize {
    event.cursor.to_string().len()
}

/// A chunk that holds so many bytes (RFC 9112 §7.1).
pub(crate) fn chunk(bytes: usize) -> usize {
    format!("{bytes:x}").len() + "\r\n\r\n".len() + bytes
}

/// A server's frame that holds so many bytes (RFC 6455 §5.2).
pub(crate) fn text_frame(bytes: usize) -> usize {
    let header = match bytes {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    };
    header + bytes
}
