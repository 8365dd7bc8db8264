//! Frames that a server sends (RFC 6455 §5.2): never masked, so the same bytes serve every subscriber.

use bytes::{BufMut, Bytes, BytesMut};
use common::frame::ServerFrame;
use fanout::{Publication, WireFormat};

use super::{
    WebSocket,
    deflate::{Window, deflate},
};
use crate::server_transport::Slots;

/// The slot of the first of these formats; the registry gives it.
const SLOT: usize = <WebSocket as Slots>::FIRST;

/// A publication as a whole text frame.
pub(crate) static TEXT: WireFormat =
    WireFormat::new("websocket", SLOT, |entry| whole(Opcode::Text, &publication(entry)));
/// A publication in a text frame, compressed once for all who take it so.
pub(crate) static DEFLATED: WireFormat = WireFormat::new("websocket_deflated", SLOT + 1, |entry| {
    message(Opcode::Text, &publication(entry), Some(Window::Wide))
});
/// The format for the few who keep a small window only.
pub(crate) static DEFLATED_NARROW: WireFormat =
    WireFormat::new("websocket_deflated_narrow", SLOT + 2, |entry| {
        message(Opcode::Text, &publication(entry), Some(Window::Narrow))
    });

/// The first bit of a frame that is its message's last, and the one that says that it is compressed.
const LAST: u8 = 0x80;
const COMPRESSED: u8 = 0x40;

/// A ping without a payload.
pub(super) const PING: Bytes = Bytes::from_static(&[LAST | Opcode::Ping as u8, 0]);

/// The types of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Opcode {
    /// The frame goes on with a message that has begun.
    Continuation = 0x0,
    /// A message of text, or its beginning.
    Text = 0x1,
    /// A message of bytes, or its beginning.
    Binary = 0x2,
    /// The end of the connection.
    Close = 0x8,
    /// A ping, which any peer answers.
    Ping = 0x9,
    /// The answer to it.
    Pong = 0xA,
}

impl Opcode {
    pub(super) fn read(bits: u8) -> Option<Self> {
        [Self::Continuation, Self::Text, Self::Binary, Self::Close, Self::Ping, Self::Pong]
            .into_iter()
            .find(|opcode| *opcode as u8 == bits)
    }

    pub(super) fn is_control(self) -> bool {
        self as u8 & 0x8 != 0
    }
}

/// Encodes one final frame.
#[must_use]
pub fn whole(opcode: Opcode, payload: &[u8]) -> Bytes {
    frame_of(LAST | opcode as u8, payload)
}

/// A message as one frame, compressed where a window was agreed and it gets shorter.
#[must_use]
pub fn message(opcode: Opcode, payload: &[u8], window: Option<Window>) -> Bytes {
    match window.and_then(|window| deflate(payload, window)) {
        Some(shorter) => frame_of(LAST | COMPRESSED | opcode as u8, &shorter),
        None => whole(opcode, payload),
    }
}

fn frame_of(first: u8, payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(payload.len() + 10);
    out.put_u8(first);
    match payload.len() {
        #[allow(clippy::cast_possible_truncation, reason = "the arms bound it")]
        length @ 0..126 => out.put_u8(length as u8),
        length => match u16::try_from(length) {
            Ok(length) => {
                out.put_u8(126);
                out.put_u16(length);
            }
            Err(_) => {
                out.put_u8(127);
                out.put_u64(length as u64);
            }
        },
    }
    out.put_slice(payload);
    out.freeze()
}

/// Returns the payload of a frame of ours.
pub(crate) fn payload(frame: &[u8]) -> &[u8] {
    let header = match frame.get(1) {
        Some(126) => 4,
        Some(127) => 10,
        _ => 2,
    };
    frame.get(header..).unwrap_or_default()
}

/// A close frame with a code and no reason: the codes are documented.
#[must_use]
pub fn close(code: Option<u16>) -> Bytes {
    match code {
        Some(code) => whole(Opcode::Close, &code.to_be_bytes()),
        None => whole(Opcode::Close, &[]),
    }
}

/// Encodes any frame but a publication.
pub(super) fn frame(frame: &ServerFrame, window: Option<Window>) -> Bytes {
    message(Opcode::Text, &serde_json::to_vec(frame).unwrap_or_default(), window)
}

fn publication(entry: &Publication) -> Vec<u8> {
    let start = format!(r#"{{"type":"event","cursor":"{}","topic":"{}","data":"#, entry.cursor, entry.topic);
    let mut text = Vec::with_capacity(start.len() + entry.data.len() + 1);
    text.extend_from_slice(start.as_bytes());
    text.extend_from_slice(&entry.data);
    text.push(b'}');
    text
}
