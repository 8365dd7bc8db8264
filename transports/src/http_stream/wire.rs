//! A frame is a line of JSON; over HTTP/1.1 a line is a chunk.

use bytes::{BufMut, Bytes, BytesMut};
use common::frame::ServerFrame;
use fanout::{Publication, WireFormat};

use super::HttpStream;
use crate::{
    server_transport::Slots,
    wire::{self, chunk},
};

/// The slot of the first of these formats; the registry gives it.
const SLOT: usize = <HttpStream as Slots>::FIRST;

/// A publication as a line.
pub(crate) static LINE: WireFormat = WireFormat::new("ndjson", SLOT, publication);
/// A publication as a chunk that holds the line.
pub(crate) static CHUNK: WireFormat =
    WireFormat::new("ndjson_chunked", SLOT + 1, |entry| chunk(&publication(entry)));

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
