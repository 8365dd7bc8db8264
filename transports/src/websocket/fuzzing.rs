//! A client's bytes, and its handshake.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header::SEC_WEBSOCKET_EXTENSIONS};
use bytes::Bytes;

use super::{
    decode::{FrameDecoder, ProtocolError, WebSocketMessage},
    deflate::Window,
    handshake::accept,
    wire::{self, Opcode},
};

/// The longest messages that are tried; 0 for any.
const LIMITS: [usize; 4] = [64 * 1024, 100, 1000, 0];
/// Flags in the first byte, beside the limit in its lowest bits.
const INFLATES: u8 = 0x04;
const PLAIN: u8 = 0x08;

/// Checks the decoder with flags, a count of pieces, their lengths, and the bytes of a connection. The same messages
/// must come out in whatever pieces the bytes come, within the limit, and a message must read back as itself after it
/// was compressed.
pub fn websocket(bytes: &[u8]) {
    let Some((&[flags, count], rest)) = bytes.split_first_chunk() else { return };
    let Some((pieces, line)) = rest.split_at_checked(usize::from(count % 16)) else { return };
    let line = if flags & PLAIN == 0 { line.to_vec() } else { frames(line) };
    let limit = LIMITS[usize::from(flags) % LIMITS.len()];
    let decoder = || FrameDecoder::new(limit).inflating(flags & INFLATES != 0);

    let whole = decode(decoder(), &line, &[]);
    assert_eq!(decode(decoder(), &line, pieces), whole, "in pieces of {pieces:?}");
    assert_eq!(decode(decoder(), &line, &[0]), whole, "byte by byte");
    for message in whole.0 {
        let (opcode, payload, most) = match &message {
            WebSocketMessage::Text(text) => (Opcode::Text, text.as_bytes(), limit),
            WebSocketMessage::Binary(payload) => (Opcode::Binary, &payload[..], limit),
            WebSocketMessage::Ping(payload) => (Opcode::Ping, &payload[..], 125),
            WebSocketMessage::Pong | WebSocketMessage::Piece | WebSocketMessage::Close(_) => continue,
        };
        assert!(most == 0 || payload.len() <= most, "{} bytes are heard", payload.len());
        let windows = [None, Some(Window::Wide), Some(Window::Narrow)];
        for window in windows.into_iter().take(if opcode == Opcode::Ping { 1 } else { 3 }) {
            assert_eq!(as_client_sent(&wire::message(opcode, payload, window)), message, "{window:?}");
        }
    }
}

/// Decodes the frame of a server as if a client had sent it, with a mask that changes nothing.
pub(crate) fn as_client_sent(frame: &Bytes) -> WebSocketMessage {
    let start = match frame[1] {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    let mut line = frame.to_vec();
    line[1] |= 0x80;
    line.splice(start..start, [0; 4]);
    let (mut heard, outcome) = decode(FrameDecoder::new(0).inflating(true), &line, &[]);
    assert_eq!((heard.len(), outcome), (1, Ok(())));
    heard.remove(0)
}

/// Decodes these bytes in pieces of these lengths (and one more) over and over; without lengths, at once.
fn decode(
    mut decoder: FrameDecoder,
    mut line: &[u8],
    pieces: &[u8],
) -> (Vec<WebSocketMessage>, Result<(), ProtocolError>) {
    let mut heard = Vec::new();
    let mut lengths = pieces.iter().map(|length| usize::from(*length) + 1).cycle();
    loop {
        let length = lengths.next().unwrap_or(usize::MAX);
        let (piece, rest) = line.split_at(length.min(line.len()));
        let outcome = decoder.read(piece, |message| {
            heard.push(message);
            Ok(())
        });
        line = rest;
        if line.is_empty() || outcome.is_err() {
            return (heard, outcome);
        }
    }
}

/// Frames from `first byte, length, payload` over and over. Chance does not find what a mask hides.
fn frames(mut plain: &[u8]) -> Vec<u8> {
    let mut line = Vec::new();
    while let Some((&[first, length], rest)) = plain.split_first_chunk() {
        let (payload, rest) = rest.split_at(usize::from(length).min(rest.len()));
        let key = [first, length, 0x5A, 0xC3];
        match payload.len() {
            short @ 0..126 => line.extend([first, 0x80 | short as u8]),
            long => line.extend([first, 0x80 | 126, 0, long as u8]),
        }
        line.extend(key);
        line.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
        plain = rest;
    }
    line
}

/// Lines of `name: value`: a handshake is accepted with one whole head, or refused with 400 or 426. What was agreed on is, as
/// an offer, agreed on again.
pub fn handshake(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    let accepted = match accept(&Method::GET, &headers, true) {
        Ok(accepted) => accepted,
        Err(refusal) => {
            assert!(matches!(refusal.status().as_u16(), 400 | 426), "{refusal:?}");
            assert_eq!(accept(&Method::GET, &headers, false).err(), Some(refusal));
            return;
        }
    };
    let head = str::from_utf8(&accepted.head).expect("a head is text");
    let lines = head.strip_suffix("\r\n\r\n").expect("an end").split("\r\n");
    let lines: Vec<_> = lines.collect();
    assert!(lines[0].starts_with("HTTP/1.1 101 ") && lines.iter().all(|line| !line.is_empty()), "{head}");
    let agreed = lines.iter().find_map(|line| line.strip_prefix("sec-websocket-extensions: "));
    assert_eq!(agreed.is_some(), accepted.window.is_some());
    if let Some(agreed) = agreed {
        headers.insert(SEC_WEBSOCKET_EXTENSIONS, agreed.parse().expect("a value"));
        let again = accept(&Method::GET, &headers, true).expect("what we answer is a list");
        assert_eq!((again.window, again.head), (accepted.window, accepted.head));
    }
}
