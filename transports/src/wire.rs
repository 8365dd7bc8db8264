//! Encoders that several wires share.

use std::fmt::Write;

use bytes::{BufMut, Bytes, BytesMut};
use fanout::Publication;

/// A piece of a live body, in a chunk where the body is written in chunks.
#[must_use]
pub fn coded(chunked: bool, piece: Bytes) -> Bytes {
    if chunked { chunk(&piece) } else { piece }
}

/// The end of a live body (RFC 9112 §7.1).
#[must_use]
pub fn end(chunked: bool) -> Bytes {
    Bytes::from_static(if chunked { b"0\r\n\r\n" } else { b"" })
}

/// Encodes bytes as one chunk (RFC 9112 §7.1).
pub(crate) fn chunk(bytes: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(bytes.len() + 12);
    let written = write!(out, "{:x}\r\n", bytes.len());
    debug_assert!(written.is_ok(), "a buffer takes everything");
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n");
    out.freeze()
}

/// A publication as an `event` frame, on one line.
pub(crate) fn event(entry: &Publication, out: &mut BytesMut) {
    out.reserve(entry.data.len() + 120);
    let written =
        write!(out, r#"{{"type":"event","cursor":"{}","topic":"{}","data":"#, entry.cursor, entry.topic);
    debug_assert!(written.is_ok(), "a buffer takes everything");
    one_line(&entry.data, out);
    out.put_u8(b'}');
}

/// JSON without line ends: they can only stand between tokens, where a space says the same.
pub(crate) fn one_line(json: &[u8], out: &mut BytesMut) {
    let from = out.len();
    out.extend_from_slice(json);
    for byte in &mut out[from..] {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}
