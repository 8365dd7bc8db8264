//! The size that a frame adds to a response: itself, and the bracket or the comma before it.

use super::ENTRY;
use crate::wire_size::{Framing, WireSize, json};

/// The entry of this transport among the wire sizes.
pub const WIRE_SIZE: WireSize =
    WireSize { entry: &ENTRY, encoded_len: |frame| json(frame) + 1, framing: Framing::Answers };
