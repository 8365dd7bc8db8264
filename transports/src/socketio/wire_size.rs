//! The size of its packets on a WebSocket.

use common::frame::ServerFrame;

use super::ENTRY;
use crate::wire_size::{Framing, WireSize, json, named, place, text_frame};

/// The entry of this transport among the wire sizes.
pub const WIRE_SIZE: WireSize =
    WireSize { entry: &ENTRY, encoded_len: |frame| text_frame(packet(frame)), framing: Framing::Socket };

fn packet(frame: &ServerFrame) -> usize {
    match frame {
        ServerFrame::Event(event) => r#"42["event",{"data":},""]"#.len() + named(event) + place(event),
        ServerFrame::Heartbeat { cursor } => r#"42["heartbeat",""]"#.len() + cursor.to_string().len(),
        // The type becomes the event's name: `{"type":"welcome",…}` is `42["welcome",{…}]`.
        other => json(other) + r#"42["",{}]"#.len() - r#"{"type":"",}"#.len(),
    }
}
