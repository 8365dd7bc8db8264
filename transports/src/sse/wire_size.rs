//! The size of its blocks.

use common::frame::ServerFrame;

use super::ENTRY;
use crate::wire_size::{Framing, WireSize, chunk, json, named, place};

/// The entry of this transport among the wire sizes.
pub const WIRE_SIZE: WireSize =
    WireSize { entry: &ENTRY, encoded_len: |frame| chunk(block(frame)), framing: Framing::Stream };

fn block(frame: &ServerFrame) -> usize {
    let before = match frame {
        ServerFrame::Event(event) => {
            return "id: \ndata: {\"data\":}\n\n".len() + named(event) + place(event);
        }
        ServerFrame::Heartbeat { cursor } => "id: \n".len() + cursor.to_string().len(),
        ServerFrame::Bye { retry_ms, .. } => "retry: \n".len() + retry_ms.to_string().len(),
        _ => 0,
    };
    before + "event: \ndata: \n\n".len() + name(frame).len() + json(frame)
}

/// Returns the names of the events that a browser can get on this wire.
fn name(frame: &ServerFrame) -> &'static str {
    match frame {
        ServerFrame::Welcome { .. } => "welcome",
        ServerFrame::Gap { .. } => "gap",
        ServerFrame::Heartbeat { .. } => "heartbeat",
        ServerFrame::Bye { .. } => "bye",
        _ => "refused",
    }
}
