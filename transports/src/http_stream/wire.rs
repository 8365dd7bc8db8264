//! A frame is a line of JSON; over HTTP/1.1 a line is a chunk.

use bytes::{BufMut, Bytes, BytesMut};
use common::frame::ServerFrame;
use hub::{Publication, WireFormat};

use crate::wire::{self, chunk};

/// A publication as a line.
pub(crate) static LINE: WireFormat = WireFormat::new("ndjson", 5, publication);
/// A publication as a chunk that holds the line.
pub(crate) static CHUNK: WireFormat =
    WireFormat::new("ndjson_chunked", 6, |entry| chunk(&publication(entry)));

/// Encodes any frame but a publication.
pub(super) fn frame(frame: &ServerFrame) -> Bytes {
    let mut line = serde_json::to_vec(frame).unwrap_or_default();
    line.push(b'\n');
    line.into()
}

fn publication(entry: &Publication) -> Bytes {
    let mut out = BytesMut::new();
    wire::event(entry, &mut out);
    out.put_u8(b'\n');
    out.freeze()
}
