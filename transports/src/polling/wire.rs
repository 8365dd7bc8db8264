//! An answer is a JSON array of frames: `welcome`, what is new, and `heartbeat` unless there is more to ask for.

use bytes::{Bytes, BytesMut};
use common::frame::ServerFrame;
use fanout::{Publication, WireFormat};

use super::Polling;
use crate::{server_transport::Slots, wire};

/// The slot of the first of these formats; the registry gives it.
const SLOT: usize = <Polling as Slots>::FIRST;

/// A publication as an element that is not the first: with the comma before it.
pub(crate) static ITEM: WireFormat = WireFormat::new("poll_item", SLOT, publication);

/// The first element, with the bracket before it.
pub(super) fn first(frame: &ServerFrame) -> Bytes {
    element(b'[', frame)
}

/// Any other element but a publication.
pub(super) fn next(frame: &ServerFrame) -> Bytes {
    element(b',', frame)
}

/// The end of the array.
pub(super) fn end() -> Bytes {
    Bytes::from_static(b"]")
}

fn element(before: u8, frame: &ServerFrame) -> Bytes {
    let mut out = Vec::with_capacity(128);
    out.push(before);
    let written = serde_json::to_writer(&mut out, frame);
    debug_assert!(written.is_ok(), "frames are JSON");
    out.into()
}

fn publication(entry: &Publication) -> Bytes {
    let mut out = BytesMut::from(&b","[..]);
    wire::event(entry, &mut out);
    out.freeze()
}
