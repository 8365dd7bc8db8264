//! Socket.IO's packets in Engine.IO's, over WebSocket: open, connect, events, and an answer to each ping.

use anyhow::{Result, bail};

use super::{Decode, Opening, Reply, ResumePoint, websocket::WebSocket};

/// A decoder that connects to the main namespace.
pub(super) fn decoder(_: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(SocketIo::new(String::new(), None))
}

/// A decoder for a client that recovers its connection after a break, as the official clients do.
pub(super) fn recovering(opening: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(SocketIo::new(opening.from.auth.clone(), Some(Recovery::default())))
}

struct SocketIo {
    frames: WebSocket,
    say: Vec<u8>,
    connected: bool,
    /// More fields of the handshake.
    auth: String,
    recovery: Option<Recovery>,
}

/// The place of a connection that can be recovered.
#[derive(Default)]
struct Recovery {
    /// The private id that the server gave it.
    pid: String,
    /// The last offset, which stands at the end of an event's arguments.
    offset: String,
}

/// The handshake, up to the end of its fields: our topic, which a peer's handler leaves unread.
const CONNECT: &str = r#"40{"topics":["custom/bench"]"#;
const PONG: &str = "3";

impl SocketIo {
    fn new(auth: String, recovery: Option<Recovery>) -> Self {
        Self { frames: WebSocket::default(), say: Vec::new(), connected: false, auth, recovery }
    }
}

impl Decode for SocketIo {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        let mut wrong = None;
        let Self { frames, say, connected, auth, recovery } = self;
        frames.feed(bytes, &mut |packet| match packet {
            [b'4', b'2', ..] => {
                if let Some(recovery) = recovery {
                    recovery.note_offset(packet);
                }
                message(packet);
            }
            [b'4', b'0', ..] => {
                if let Some(recovery) = recovery {
                    recovery.note_pid(packet);
                }
                *connected = true;
            }
            [b'0', ..] => say.extend(masked(&format!("{CONNECT}{auth}}}"))),
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

    fn resume_point(&self) -> Option<ResumePoint> {
        let Recovery { pid, offset } = self.recovery.as_ref()?;
        let auth = format!(r#","pid":"{pid}","offset":"{offset}""#);
        // A client that has no offset yet begins anew.
        Some(if offset.is_empty() {
            ResumePoint::default()
        } else {
            ResumePoint { auth, ..ResumePoint::default() }
        })
    }

    fn is_ready(&self) -> bool {
        self.connected
    }
}

impl Recovery {
    fn note_pid(&mut self, packet: &[u8]) {
        let packet = String::from_utf8_lossy(packet);
        let pid = packet.split(r#""pid":""#).nth(1).and_then(|rest| rest.split('"').next());
        self.pid = pid.unwrap_or_default().to_owned();
    }

    /// Notes the last argument of an event, where that is a text.
    fn note_offset(&mut self, packet: &[u8]) {
        let Some(arguments) = packet.strip_suffix(br#""]"#) else { return };
        let start = arguments.iter().rposition(|&byte| byte == b'"').map_or(0, |quote| quote + 1);
        self.offset = String::from_utf8_lossy(&arguments[start..]).into_owned();
    }
}

/// A text frame. Its mask is of zeros, so its payload is the text itself (RFC 6455 §5.2).
fn masked(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match text.len() {
        short @ ..126 => frame.push(0x80 | short as u8),
        long => frame.extend([&[0x80 | 126], &(long as u16).to_be_bytes()[..]].concat()),
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
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
        assert_eq!(said, [masked(r#"40{"topics":["custom/bench"]}"#), masked(PONG)]);
        assert!(decoder.feed(&[0x81, 1, b'1'], &mut |_| ()).is_err(), "a close is not expected");
    }

    #[test]
    fn a_connection_is_recovered_with_its_id_and_its_last_offset() {
        let mut decoder = recovering(&Opening::headed(""));
        let mut say = |packet: &str| {
            let frame = [&[0x81, packet.len() as u8], packet.as_bytes()].concat();
            decoder.feed(&frame, &mut |_| ()).expect("a packet");
            decoder.resume_point().expect("a place")
        };
        assert_eq!(say(r#"40{"sid":"x","pid":"p"}"#), ResumePoint::default(), "nothing was heard");
        say(r#"42["event",{"data":1},"1-5"]"#);
        let point = say(r#"42["bye",{"retry_ms":1}]"#);
        assert_eq!(point.auth, r#","pid":"p","offset":"1-5""#);

        let mut again = recovering(&Opening::resumed("", &point));
        again.feed(&[0x81, 3, b'0', b'{', b'}'], &mut |_| ()).expect("a packet");
        let said = again.reply().expect("a handshake").bytes;
        assert_eq!(said, masked(r#"40{"topics":["custom/bench"],"pid":"p","offset":"1-5"}"#));
    }

    #[test]
    fn a_longer_text_has_its_length_in_two_bytes() {
        let text = "x".repeat(300);
        let frame = masked(&text);
        assert_eq!(frame[..8], [0x81, 0xFE, 1, 44, 0, 0, 0, 0]);
        assert_eq!(&frame[8..], text.as_bytes());
    }
}
