//! The size of a frame on this wire.

use super::ENTRY;
use crate::wire_size::{Framing, WireSize, chunk, json};

/// The entry of this transport among the wire sizes.
pub const WIRE_SIZE: WireSize =
    WireSize { entry: &ENTRY, encoded_len: |frame| chunk(json(frame) + 1), framing: Framing::Stream };
