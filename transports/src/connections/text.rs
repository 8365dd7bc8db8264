//! Frames as people read them, whatever they look like on the wire.

use bytes::BytesMut;
use fanout::Publication;
use serde::Serialize;

/// A frame of the protocol.
pub(crate) fn of_frame(frame: &impl Serialize) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}

/// A publication.
pub(crate) fn of_publication(entry: &Publication) -> String {
    let mut text = BytesMut::new();
    crate::wire::event(entry, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
