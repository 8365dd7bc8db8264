//! The description of a namespace that tells one topic's payloads alone.

use common::Topic;
use fanout::WireFormat;

/// A namespace that tells one topic's payloads alone.
#[derive(Debug, Clone)]
pub struct RawNamespace {
    /// Its name; begins with `/`.
    pub namespace: &'static str,
    /// The topic whose payloads it sends.
    pub topic: Topic,
    /// The event that says hello, with an empty object.
    pub hello: &'static str,
    /// A publication as an event, as a WebSocket frame: see [`crate::socketio::raw_frame`].
    pub frame: &'static WireFormat,
    /// A publication as an event, as a part of a body: see [`crate::socketio::raw_packet`].
    pub packet: &'static WireFormat,
}
