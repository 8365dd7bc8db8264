//! Frames that a server sends (RFC 6455 §5.2): never masked, so the same bytes serve every subscriber.

use bytes::{BufMut, Bytes, BytesMut};
use common::frame::ServerFrame;
use hub::{Form, Publication};

/// A publication as a whole text frame.
pub(crate) static TEXT: Form = Form::new("websocket", 2, publication);

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
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

/// One final frame.
pub(super) fn whole(opcode: Opcode, payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(payload.len() + 10);
    out.put_u8(0x80 | opcode as u8);
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

/// A close frame with a code and no reason: the codes are documented.
pub(super) fn close(code: Option<u16>) -> Bytes {
    match code {
        Some(code) => whole(Opcode::Close, &code.to_be_bytes()),
        None => whole(Opcode::Close, &[]),
    }
}

/// Any frame but a publication.
pub(super) fn frame(frame: &ServerFrame) -> Bytes {
    whole(Opcode::Text, &serde_json::to_vec(frame).unwrap_or_default())
}

fn publication(entry: &Publication) -> Bytes {
    let start = format!(r#"{{"type":"event","cursor":"{}","topic":"{}","data":"#, entry.cursor, entry.topic);
    let mut text = Vec::with_capacity(start.len() + entry.data.len() + 1);
    text.extend_from_slice(start.as_bytes());
    text.extend_from_slice(&entry.data);
    text.push(b'}');
    whole(Opcode::Text, &text)
}
