//! Frames that a server sends (RFC 6455 §5.2).

use anyhow::{Result, bail};

use super::{Decode, Opening, Reply};

/// A decoder; the head says nothing that it needs.
pub(super) fn decoder(_: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(WebSocket::default())
}

/// Frames, one after another.
#[derive(Default)]
pub(super) struct WebSocket {
    /// A frame that has come in part.
    carried: Vec<u8>,
    /// The answers to pings (RFC 6455 §5.5.3).
    pongs: Vec<u8>,
}

const PING: u8 = 0x89;
const PONG: u8 = 0x8A;

impl Decode for WebSocket {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.carried.extend_from_slice(bytes);
        let mut from = 0;
        while let Some((header, length)) = measure(&self.carried[from..])? {
            let Some(payload) = self.carried.get(from + header..from + header + length) else { break };
            if self.carried[from] == PING {
                // A control frame is short, and a mask of zeros leaves its payload as it is.
                self.pongs.extend([PONG, 0x80 | length as u8, 0, 0, 0, 0]);
                self.pongs.extend(payload);
            } else {
                message(payload);
            }
            from += header + length;
        }
        self.carried.drain(..from);
        Ok(())
    }

    fn reply(&mut self) -> Option<Reply> {
        let bytes = std::mem::take(&mut self.pongs);
        (!bytes.is_empty()).then_some(Reply { bytes, at_once: true })
    }
}

/// The lengths of a frame's header and payload, once the header is there.
fn measure(frame: &[u8]) -> Result<Option<(usize, usize)>> {
    let &[first, second, ..] = frame else { return Ok(None) };
    if first & 0x80 == 0 || second & 0x80 != 0 {
        bail!("a server's frame that is masked or in fragments: {first:#04x} {second:#04x}");
    }
    Ok(match (second, frame) {
        (126, &[_, _, a, b, ..]) => Some((4, usize::from(u16::from_be_bytes([a, b])))),
        (127, &[_, _, 0, 0, 0, 0, a, b, c, d, ..]) => Some((10, u32::from_be_bytes([a, b, c, d]) as usize)),
        (126 | 127, short) if short.len() < 10 => None,
        (127, _) => bail!("a frame of more than 4 GiB"),
        (short, _) => Some((2, usize::from(short))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_however_the_stream_is_cut() {
        let payloads = [vec![b'a'; 5], vec![b'b'; 300], vec![b'c'; 70_000]];
        let mut wire = vec![0x81, 5];
        wire.extend(&payloads[0]);
        wire.extend([0x81, 126, 1, 44]);
        wire.extend(&payloads[1]);
        wire.extend([0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
        wire.extend(&payloads[2]);
        wire.extend([PING, 1, b'?']);
        for step in [1, 2, 3, 7, 300, 4096, wire.len()] {
            let mut decoder = decoder(&Opening::headed(""));
            let mut heard = Vec::new();
            for part in wire.chunks(step) {
                decoder.feed(part, &mut |payload| heard.push(payload.to_vec())).expect("frames");
            }
            assert_eq!(heard, payloads, "{step}");
            let pong = Reply { bytes: vec![PONG, 0x81, 0, 0, 0, 0, b'?'], at_once: true };
            assert_eq!(decoder.reply(), Some(pong), "{step}");
            assert_eq!(decoder.reply(), None, "once");
        }
    }
}
