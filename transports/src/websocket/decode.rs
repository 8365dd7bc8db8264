//! Decodes the WebSocket frames that a client sends (RFC 6455 §5), and puts them together to messages as their bytes come in.
//!
//! Holds at most one message and one frame's beginning, and takes memory for bytes that have come, never for bytes
//! that a header promises; a frame that would pass the limit is refused by its header, before its payload is read.

use common::close;

pub use super::protocol_error::ProtocolError;
use super::{
    header::{self, Header},
    inflate::inflate,
    wire::Opcode,
};

/// A whole message or control frame, or a piece of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum WebSocketMessage {
    /// A message of text.
    Text(String),
    /// A message of bytes.
    Binary(Vec<u8>),
    /// A ping; a pong with the same payload answers it.
    Ping(Vec<u8>),
    /// Asks for nothing.
    Pong,
    /// A frame of a message that goes on.
    Piece,
    /// The client ends the connection, with its code if it gave one.
    Close(Option<u16>),
}

/// Reads a client's bytes.
#[derive(Debug)]
pub struct FrameDecoder {
    limit: usize,
    inflates: bool,
    header: header::PartialHeader,
    /// The frame whose payload is coming.
    frame: Option<Header>,
    /// The payload of a control frame: it may come between the frames of a message.
    control: Vec<u8>,
    message: Option<PartialMessage>,
}

/// A message that is not whole yet.
#[derive(Debug)]
struct PartialMessage {
    opcode: Opcode,
    deflated: bool,
    payload: Vec<u8>,
    /// The length of the part that is known to be valid UTF-8.
    checked: usize,
}

impl FrameDecoder {
    /// Makes a decoder of messages up to `limit` bytes; 0 for no limit.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            inflates: false,
            header: header::PartialHeader::default(),
            frame: None,
            control: Vec::new(),
            message: None,
        }
    }

    /// Takes compressed messages too, where that was agreed. They are inflated up to the limit, never beyond.
    #[must_use]
    pub fn inflating(mut self, inflates: bool) -> Self {
        self.inflates = inflates;
        self
    }

    /// Decodes bytes. `on_message` gets each message that they complete, and may refuse more.
    ///
    /// # Errors
    /// When the bytes break a rule, or `on_message` refuses.
    pub fn read(
        &mut self,
        mut bytes: &[u8],
        mut on_message: impl FnMut(WebSocketMessage) -> Result<(), ProtocolError>,
    ) -> Result<(), ProtocolError> {
        loop {
            let frame = match self.frame.take() {
                Some(frame) => frame,
                None => match self.header.read_on(&mut bytes)? {
                    Some(header) => self.begin(header)?,
                    None => return Ok(()),
                },
            };
            match self.read_payload(frame, &mut bytes)? {
                Some(message) => on_message(message)?,
                None => return Ok(()),
            }
        }
    }

    /// Checks that a frame may come now.
    fn begin(&mut self, header: Header) -> Result<Header, ProtocolError> {
        let Header { opcode, deflated, length, .. } = header;
        if opcode.is_control() {
            return Ok(header);
        }
        let message = match (opcode, &mut self.message) {
            (Opcode::Continuation, Some(message)) => message,
            (Opcode::Text | Opcode::Binary, message @ None) if self.inflates || !deflated => {
                message.insert(PartialMessage { opcode, deflated, payload: Vec::new(), checked: 0 })
            }
            _ => return Err(ProtocolError(close::PROTOCOL)),
        };
        if message.payload.len().saturating_add(length) > longest(self.limit, message.deflated) {
            return Err(ProtocolError(close::TOO_BIG));
        }
        Ok(header)
    }

    /// Takes what has come of a frame's payload; `None` while there is more to come.
    fn read_payload(
        &mut self,
        mut frame: Header,
        bytes: &mut &[u8],
    ) -> Result<Option<WebSocketMessage>, ProtocolError> {
        let (come, rest) = bytes.split_at(frame.length.min(bytes.len()));
        *bytes = rest;
        let payload = match &mut self.message {
            Some(message) if !frame.opcode.is_control() => &mut message.payload,
            _ => &mut self.control,
        };
        let start = payload.len();
        payload.extend_from_slice(come);
        frame.mask.unmask(&mut payload[start..]);
        frame.length -= come.len();
        let whole = frame.length == 0;
        if whole && frame.opcode.is_control() {
            return control(frame.opcode, std::mem::take(&mut self.control)).map(Some);
        }
        if whole
            && frame.last
            && let Some(message) = self.message.take()
        {
            return message.finish(self.limit).map(Some);
        }
        if let Some(message) = &mut self.message {
            message.check()?;
        }
        self.frame = (!whole).then_some(frame);
        Ok(whole.then_some(WebSocketMessage::Piece))
    }
}

impl PartialMessage {
    /// Checks the text so far: invalid text is rejected at once, not at its end.
    fn check(&mut self) -> Result<(), ProtocolError> {
        if self.opcode != Opcode::Text || self.deflated {
            return Ok(());
        }
        match std::str::from_utf8(&self.payload[self.checked..]) {
            Ok(good) => self.checked += good.len(),
            // Its end may be the beginning of a letter.
            Err(cut) if cut.error_len().is_none() => self.checked += cut.valid_up_to(),
            Err(_) => return Err(ProtocolError(close::BAD_TEXT)),
        }
        Ok(())
    }

    fn finish(self, limit: usize) -> Result<WebSocketMessage, ProtocolError> {
        let payload =
            if self.deflated { inflate(&self.payload, longest(limit, false))? } else { self.payload };
        if self.opcode == Opcode::Binary {
            return Ok(WebSocketMessage::Binary(payload));
        }
        String::from_utf8(payload).map(WebSocketMessage::Text).map_err(|_| ProtocolError(close::BAD_TEXT))
    }
}

/// Returns the most bytes of a message on the wire. Incompressible data grows a little when it is compressed, so a
/// message of just the limit needs some more.
fn longest(limit: usize, deflated: bool) -> usize {
    match limit {
        0 => usize::MAX,
        limit if deflated => limit.saturating_add(limit / 8 + 64),
        limit => limit,
    }
}

fn control(opcode: Opcode, payload: Vec<u8>) -> Result<WebSocketMessage, ProtocolError> {
    Ok(match opcode {
        Opcode::Ping => WebSocketMessage::Ping(payload),
        Opcode::Close => WebSocketMessage::Close(close_code(&payload)?),
        _ => WebSocketMessage::Pong,
    })
}

/// RFC 6455 §7.4: codes below 1000, those never sent on a wire and those not yet given a meaning break the rules; so
/// does a reason that is not UTF-8.
fn close_code(payload: &[u8]) -> Result<Option<u16>, ProtocolError> {
    match payload {
        [] => Ok(None),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(ProtocolError(close::PROTOCOL));
            }
            std::str::from_utf8(reason).map_err(|_| ProtocolError(close::BAD_TEXT))?;
            Ok(Some(code))
        }
        [_] => Err(ProtocolError(close::PROTOCOL)),
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};
    use proptest::prelude::*;

    use super::{FrameDecoder, ProtocolError, WebSocketMessage};

    const KEY: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![first];
        match u16::try_from(payload.len()) {
            Ok(length @ 0..126) => out.push(0x80 | length as u8),
            Ok(length) => {
                out.push(0xFE);
                out.extend(length.to_be_bytes());
            }
            Err(_) => {
                out.push(0xFF);
                out.extend((payload.len() as u64).to_be_bytes());
            }
        }
        out.extend(KEY);
        out.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
        out
    }

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + 64);
        let mut compress = Compress::new(Compression::fast(), false);
        compress.compress_vec(bytes, &mut out, FlushCompress::Sync).expect("compressed");
        out.strip_suffix(&[0, 0, 0xFF, 0xFF]).expect("flushed").to_vec()
    }

    /// Decodes `bytes`, given in pieces of these lengths over and over.
    fn read(
        mut decoder: FrameDecoder,
        mut bytes: &[u8],
        pieces: &[usize],
    ) -> (Vec<WebSocketMessage>, Result<(), ProtocolError>) {
        let mut heard = Vec::new();
        for &length in pieces.iter().cycle() {
            let (piece, rest) = bytes.split_at(length.min(bytes.len()));
            let outcome = decoder.read(piece, |message| {
                heard.push(message);
                Ok(())
            });
            bytes = rest;
            if bytes.is_empty() || outcome.is_err() {
                return (heard, outcome);
            }
        }
        (heard, Ok(()))
    }

    #[test]
    fn text_that_has_gone_wrong_is_told_before_the_frame_is_whole() {
        let bytes = frame(0x81, b"good \xCE\xBA\xF4\x90 and more");
        let before = 6 + 8;
        let mut decoder = FrameDecoder::new(0);
        assert_eq!(decoder.read(&bytes[..before], |_| Ok(())), Ok(()), "half a letter may still become one");
        assert_eq!(decoder.read(&bytes[before..=before], |_| Ok(())), Err(ProtocolError(1007)));
    }

    #[test]
    fn a_message_is_counted_as_it_is_inflated_and_as_it_came() {
        let decoder = || FrameDecoder::new(1000).inflating(true);
        let spaces = |count| frame(0xC1, &deflated(&vec![b' '; count]));
        let (heard, outcome) = read(decoder(), &spaces(1000), &[7]);
        assert_eq!((heard.len(), outcome), (1, Ok(())));
        assert_eq!(read(decoder(), &spaces(1001), &[7]), (vec![], Err(ProtocolError(1009))));
        let stuffed = frame(0x41, &[0x00, 0x00, 0x00, 0xFF, 0xFF].repeat(300));
        assert_eq!(
            read(decoder(), &stuffed, &[7]),
            (vec![], Err(ProtocolError(1009))),
            "many bytes that are nothing"
        );
    }

    proptest! {
        #[test]
        fn messages_are_heard_whatever_frames_and_pieces_they_come_in(
            messages in prop::collection::vec(
                (prop::collection::vec("[a-d]{0,40}|.{0,9}", 1..5), any::<bool>(), any::<bool>(), any::<bool>()),
                1..6,
            ),
            pieces in prop::collection::vec(1..50_usize, 1..8),
        ) {
            let (mut bytes, mut expected) = (Vec::new(), Vec::new());
            for (parts, text, compressed, ping) in messages {
                let whole = parts.concat();
                let parts: Vec<Vec<u8>> = if compressed {
                    deflated(whole.as_bytes()).chunks(1 + whole.len() / parts.len()).map(<[u8]>::to_vec).collect()
                } else {
                    parts.into_iter().map(String::into_bytes).collect()
                };
                let begin = if text { 0x01 } else { 0x02 } | if compressed { 0x40 } else { 0x00 };
                for (nth, part) in parts.iter().enumerate() {
                    let last = nth + 1 == parts.len();
                    let first = if nth == 0 { begin } else { 0x00 } | if last { 0x80 } else { 0x00 };
                    bytes.extend(frame(first, part));
                    if !last {
                        expected.push(WebSocketMessage::Piece);
                    }
                    if ping {
                        // In the middle of the message, where there is one.
                        bytes.extend(frame(0x89, b"here?"));
                        if last {
                            expected.push(if text { WebSocketMessage::Text(whole.clone()) } else { WebSocketMessage::Binary(whole.clone().into()) });
                        }
                        expected.push(WebSocketMessage::Ping(b"here?".to_vec()));
                    } else if last {
                        expected.push(if text { WebSocketMessage::Text(whole.clone()) } else { WebSocketMessage::Binary(whole.clone().into()) });
                    }
                }
            }
            let (heard, outcome) = read(FrameDecoder::new(1000).inflating(true), &bytes, &pieces);
            prop_assert_eq!(outcome, Ok(()));
            prop_assert_eq!(heard, expected);
        }

        #[test]
        fn any_bytes_are_heard_or_refused_and_never_more_than_the_limit(
            // First bytes that begin a frame now and then, or chance would stop at the first.
            frames in prop::collection::vec(
                (prop::sample::select(vec![0x81_u8, 0x82, 0xC1, 0xC2, 0x41, 0x01, 0x80, 0x00, 0x88, 0x89, 0x8A, 0xFF]),
                 prop::collection::vec(any::<u8>(), 0..60)),
                0..8,
            ),
            noise in prop::collection::vec(any::<u8>(), 0..40),
            inflates: bool,
            pieces in prop::collection::vec(1..50_usize, 1..8),
        ) {
            let mut bytes: Vec<u8> = frames.iter().flat_map(|(first, payload)| frame(*first, payload)).collect();
            bytes.extend(noise);
            let decoder = || FrameDecoder::new(100).inflating(inflates);
            let (heard, outcome) = read(decoder(), &bytes, &pieces);
            for message in &heard {
                let length = match message {
                    WebSocketMessage::Text(text) => text.len(),
                    WebSocketMessage::Binary(payload) => payload.len(),
                    _ => 0,
                };
                prop_assert!(length <= 100);
            }
            prop_assert_eq!(read(decoder(), &bytes, &[usize::MAX]), (heard, outcome), "the pieces make no difference");
        }
    }
}
