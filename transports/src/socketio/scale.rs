//! What its packets weigh on a WebSocket.

use common::frame::ServerFrame;

use super::ENTRY;
use crate::scales::{Carrier, Scale, json, named, place, text_frame};

/// This transport among the scales.
pub const SCALE: Scale =
    Scale { entry: &ENTRY, weigh: |frame| text_frame(packet(frame)), carrier: Carrier::Socket };

fn packet(frame: &ServerFrame) -> usize {
    match frame {
        ServerFrame::Event(event) => r#"42["event",{"data":},""]"#.len() + named(event) + place(event),
        ServerFrame::Heartbeat { cursor } => r#"42["heartbeat",""]"#.len() + cursor.to_string().len(),
        // The type becomes the event's name: `{"type":"welcome",…}` is `42["welcome",{…}]`.
        other => json(other) + r#"42["",{}]"#.len() - r#"{"type":"",}"#.len(),
    }
}
