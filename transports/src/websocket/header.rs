//! The header of a client's frame (RFC 6455 §5.2).

use common::close;

use super::{mask::Mask, protocol_error::ProtocolError, wire::Opcode};

#[derive(Debug)]
pub(super) struct Header {
    pub(super) last: bool,
    /// RSV1, which says "compressed" where that was agreed.
    pub(super) deflated: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: Mask,
    /// The length of the payload, bytes.
    pub(super) length: usize,
}

/// The bytes of a header that is not whole yet.
#[derive(Debug, Default)]
pub(super) struct PartialHeader {
    bytes: [u8; Header::LONGEST],
    count: usize,
}

impl Header {
    const LONGEST: usize = 2 + 8 + 4;

    /// The header at the beginning of `bytes`, and its own length; `None` while it is not whole.
    fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, ProtocolError> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        let protocol = ProtocolError(close::PROTOCOL);
        let opcode = Opcode::read(first & 0x0F).ok_or(protocol)?;
        let last = first & 0x80 != 0;
        let deflated = first & 0x40 != 0;
        let reserved = first & 0x30 != 0;
        let masked = second & 0x80 != 0;
        let short = second & 0x7F;
        // A whole message is compressed, so only its beginning says it; a control frame never is (RFC 7692 §6.1).
        let misplaced = deflated && (opcode.is_control() || opcode == Opcode::Continuation);
        if reserved || misplaced || !masked || (opcode.is_control() && (!last || short > 125)) {
            return Err(protocol);
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
            short => (u64::from(short), 0),
        };
        let shortest = match wide {
            2 => length > 125,
            8 => length > 0xFFFF && length <= i64::MAX as u64,
            _ => true,
        };
        if !shortest {
            return Err(protocol);
        }
        let Some(&key) = rest.get(wide..).and_then(<[u8]>::first_chunk) else { return Ok(None) };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        Ok(Some((Self { last, deflated, opcode, mask: Mask::new(key), length }, 2 + wide + 4)))
    }
}

impl PartialHeader {
    /// Goes on with `bytes` and takes from them what belongs to the header; `None` while it is not whole.
    pub(super) fn read_on(&mut self, bytes: &mut &[u8]) -> Result<Option<Header>, ProtocolError> {
        let held = self.count;
        let more = bytes.len().min(Header::LONGEST - held);
        self.bytes[held..held + more].copy_from_slice(&bytes[..more]);
        self.count = held + more;
        Ok(match Header::read(&self.bytes[..self.count])? {
            Some((header, length)) => {
                // The bytes that were held alone were no header, so this one ends in the new bytes.
                *bytes = &bytes[length - held..];
                self.count = 0;
                Some(header)
            }
            None => {
                *bytes = &bytes[more..];
                None
            }
        })
    }
}
