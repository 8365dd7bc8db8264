//! The encoding of a publication as an event: `["event",{"topic":…,"data":…},CURSOR]`.
//!
//! The cursor is the last argument because the official clients take a string there for their place, and give it back
//! when they return.

use bytes::Bytes;
use fanout::{Publication, WireFormat};

use super::{SocketIo, engine::Carrier};
use crate::{
    server_transport::Slots,
    websocket::wire::{Opcode, whole},
};

/// The slot of the first of these formats; the registry gives it.
const SLOT: usize = <SocketIo as Slots>::FIRST;

/// The format of the main namespace, as a WebSocket frame.
pub(crate) static MAIN_FRAME: WireFormat =
    WireFormat::new("socketio", SLOT, |entry| frame(&packet(None, entry)));
/// The format of the namespace of its kind, as a WebSocket frame.
pub(crate) static KIND_FRAME: WireFormat =
    WireFormat::new("socketio_kind", SLOT + 1, |entry| frame(&packet(Some(entry.topic.kind()), entry)));
/// The format of the main namespace, as a part of a body.
pub(crate) static MAIN_PACKET: WireFormat =
    WireFormat::new("socketio_polling", SLOT + 2, |entry| packet(None, entry).into());
/// The format of the namespace of its kind, as a part of a body.
pub(crate) static KIND_PACKET: WireFormat = WireFormat::new("socketio_kind_polling", SLOT + 3, |entry| {
    packet(Some(entry.topic.kind()), entry).into()
});

/// The form for a carrier.
pub(super) fn form(carrier: Carrier, main: bool) -> &'static WireFormat {
    match (carrier, main) {
        (Carrier::WebSocket, true) => &MAIN_FRAME,
        (Carrier::WebSocket, false) => &KIND_FRAME,
        (Carrier::Polling, true) => &MAIN_PACKET,
        (Carrier::Polling, false) => &KIND_PACKET,
    }
}

/// A publication alone as the one argument of `event` in a namespace of its own, as a WebSocket frame: for the
/// encoding of a form.
#[must_use]
pub fn raw_frame(namespace: &str, event: &str, entry: &Publication) -> Bytes {
    frame(&plain(namespace, event, entry))
}

/// Encodes it as a part of a body.
#[must_use]
pub fn raw_packet(namespace: &str, event: &str, entry: &Publication) -> Bytes {
    plain(namespace, event, entry).into()
}

/// The arguments behind the event's name and before the cursor, as text of a message.
pub(super) fn past(namespace: Option<&str>, entry: &Publication) -> Vec<u8> {
    // A client that takes the last string for its place must not step back.
    event(namespace, entry, r#",{"past":true}]"#)
}

fn packet(kind: Option<&str>, entry: &Publication) -> Vec<u8> {
    let mut packet = vec![b'4'];
    packet.extend(event(kind, entry, "]"));
    packet
}

fn event(kind: Option<&str>, entry: &Publication, end: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(entry.data.len() + 160);
    text.push(b'2');
    if let Some(kind) = kind {
        text.extend([b"/", kind.as_bytes(), b","].concat());
    }
    text.extend(format!(r#"["event",{{"topic":"{}","data":"#, entry.topic).as_bytes());
    text.extend_from_slice(&entry.data);
    text.extend(format!(r#"}},"{}"{end}"#, entry.cursor).as_bytes());
    text
}

fn plain(namespace: &str, event: &str, entry: &Publication) -> Vec<u8> {
    let mut packet = format!(r#"42{namespace},["{event}","#).into_bytes();
    packet.extend_from_slice(&entry.data);
    packet.push(b']');
    packet
}

fn frame(packet: &[u8]) -> Bytes {
    whole(Opcode::Text, packet)
}
