//! Frames that a client sends (RFC 6455 §5), put together to messages as their bytes come in.
//!
//! Holds at most one message and one frame's beginning; a frame that would pass the limit is refused by its header,
//! before its payload is read.

use common::close;

use super::wire::Opcode;

/// A whole message or control frame, or a piece of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Piece,
    Close(Option<u16>),
}

/// Reads a client's bytes.
#[derive(Debug)]
pub(super) struct Decoder {
    limit: usize,
    /// Bytes of a frame that is not whole yet.
    unread: Vec<u8>,
    /// The kind and the fragments of a message that is not whole yet.
    begun: Option<(Opcode, Vec<u8>)>,
}

/// A rule was broken; the close code says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken(pub(super) u16);

struct Header {
    fin: bool,
    opcode: Opcode,
    mask: [u8; 4],
    start: usize,
    length: usize,
}

impl Decoder {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, unread: Vec::new(), begun: None }
    }

    /// Takes bytes in; `hear` gets each message that is whole with them, and may refuse to hear more.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        mut hear: impl FnMut(Message) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let mut unread = std::mem::take(&mut self.unread);
        unread.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(header) = self.header(&unread[at..])? {
            let start = at + header.start;
            let end = start + header.length;
            let Some(payload) = unread.get_mut(start..end) else { break };
            for (byte, key) in payload.iter_mut().zip(header.mask.iter().cycle()) {
                *byte ^= key;
            }
            at = end;
            hear(self.frame(&header, payload)?)?;
        }
        unread.drain(..at);
        if unread.is_empty() {
            unread = Vec::new();
        }
        self.unread = unread;
        Ok(())
    }

    /// The header at the beginning of `bytes`; `None` while it is not whole.
    fn header(&self, bytes: &[u8]) -> Result<Option<Header>, Broken> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        let protocol = Broken(close::PROTOCOL);
        let opcode = Opcode::read(first & 0x0F).ok_or(protocol)?;
        let fin = first & 0x80 != 0;
        let reserved = first & 0x70 != 0;
        let masked = second & 0x80 != 0;
        let short = usize::from(second & 0x7F);
        if reserved || !masked || (opcode.is_control() && (!fin || short > 125)) {
            return Err(protocol);
        }
        match (opcode, &self.begun) {
            (Opcode::Continuation, None) | (Opcode::Text | Opcode::Binary, Some(_)) => return Err(protocol),
            _ => {}
        }
        let (length, wide) = match short {
            126 => match rest.first_chunk() {
                Some(bytes) => (u64::from(u16::from_be_bytes(*bytes)), 2),
                None => return Ok(None),
            },
            127 => match rest.first_chunk() {
                Some(bytes) => (u64::from_be_bytes(*bytes), 8),
                None => return Ok(None),
            },
            short => (short as u64, 0),
        };
        let shortest = match wide {
            2 => length > 125,
            8 => length > 0xFFFF && length <= i64::MAX as u64,
            _ => true,
        };
        if !shortest {
            return Err(protocol);
        }
        let held = self.begun.as_ref().map_or(0, |(_, held)| held.len());
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if self.limit > 0 && !opcode.is_control() && length.saturating_add(held) > self.limit {
            return Err(Broken(close::TOO_BIG));
        }
        let Some(&mask) = rest.get(wide..).and_then(<[u8]>::first_chunk) else { return Ok(None) };
        Ok(Some(Header { fin, opcode, mask, start: 2 + wide + 4, length }))
    }

    fn frame(&mut self, header: &Header, payload: &[u8]) -> Result<Message, Broken> {
        Ok(match header.opcode {
            Opcode::Ping => Message::Ping(payload.to_vec()),
            Opcode::Pong => Message::Pong,
            Opcode::Close => Message::Close(close_code(payload)?),
            Opcode::Text | Opcode::Binary if header.fin => message(header.opcode, payload.to_vec())?,
            Opcode::Text | Opcode::Binary => {
                self.begun = Some((header.opcode, payload.to_vec()));
                Message::Piece
            }
            Opcode::Continuation => {
                let Some((opcode, mut held)) = self.begun.take() else { return Err(Broken(close::PROTOCOL)) };
                held.extend_from_slice(payload);
                if header.fin {
                    message(opcode, held)?
                } else {
                    self.begun = Some((opcode, held));
                    Message::Piece
                }
            }
        })
    }
}

fn message(opcode: Opcode, payload: Vec<u8>) -> Result<Message, Broken> {
    if opcode == Opcode::Binary {
        return Ok(Message::Binary(payload));
    }
    String::from_utf8(payload).map(Message::Text).map_err(|_| Broken(close::BAD_TEXT))
}

/// RFC 6455 §7.4: codes below 1000, those never sent on a wire and those not yet given a meaning break the rules; so
/// does a reason that is not UTF-8.
fn close_code(payload: &[u8]) -> Result<Option<u16>, Broken> {
    match payload {
        [] => Ok(None),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(Broken(close::PROTOCOL));
            }
            std::str::from_utf8(reason).map_err(|_| Broken(close::BAD_TEXT))?;
            Ok(Some(code))
        }
        [_] => Err(Broken(close::PROTOCOL)),
    }
}
