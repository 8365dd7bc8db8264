//! Socket.IO's packets in Engine.IO's, over WebSocket: open, connect, events, and an answer to each ping.

use anyhow::{Result, bail};

use super::{Decode, Opening, Reply, websocket::WebSocket};

/// A decoder that connects to the main namespace.
pub(super) fn decoder(_: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(SocketIo { frames: WebSocket::default(), say: Vec::new(), connected: false })
}

struct SocketIo {
    frames: WebSocket,
    say: Vec<u8>,
    connected: bool,
}

/// Our topic; a peer's handler leaves it unread.
const CONNECT: &str = r#"40{"topics":["custom/bench"]}"#;
const PONG: &str = "3";

impl Decode for SocketIo {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        let mut wrong = None;
        let Self { frames, say, connected } = self;
        frames.feed(bytes, &mut |packet| match packet {
            [b'4', b'2', ..] => message(packet),
            [b'4', b'0', ..] => *connected = true,
            [b'0', ..] => say.extend(masked(CONNECT)),
            [b'2', ..] => say.extend(masked(PONG)),
            other => wrong = Some(String::from_utf8_lossy(other).into_owned()),
        })?;
        match wrong {
            Some(packet) => bail!("the server says {packet:?}"),
            None => Ok(()),
        }
    }

    fn reply(&mut self) -> Option<Reply> {
        let bytes = std::mem::take(&mut self.say);
        (!bytes.is_empty()).then_some(Reply { bytes, at_once: true })
    }

    fn is_ready(&self) -> bool {
        self.connected
    }
}

/// A short text frame. Its mask is of zeros, so its payload is the text itself (RFC 6455 §5.2).
fn masked(text: &str) -> Vec<u8> {
    debug_assert!(text.len() < 126, "a longer one has another header");
    let header = [0x81, 0x80 | text.len() as u8, 0, 0, 0, 0];
    [&header, text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_connects_hears_and_answers_pings() {
        let mut decoder = decoder(&Opening::headed(""));
        let mut heard = Vec::new();
        let mut said = Vec::new();
        for packet in ["0{}", r#"40{"sid":"x"}"#, "2", r#"42["event",1]"#] {
            let frame = [&[0x81, packet.len() as u8], packet.as_bytes()].concat();
            decoder.feed(&frame, &mut |packet| heard.push(packet.to_vec())).expect("packets");
            said.extend(decoder.reply().map(|reply| reply.bytes));
        }
        assert!(decoder.is_ready());
        assert_eq!(heard, [br#"42["event",1]"#]);
        assert_eq!(said, [masked(CONNECT), masked(PONG)]);
        assert!(decoder.feed(&[0x81, 1, b'1'], &mut |_| ()).is_err(), "a close is not expected");
    }
}
