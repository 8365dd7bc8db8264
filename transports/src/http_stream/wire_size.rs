//! The size of a frame on this wire.

use super::ENTRY;
use crate::wire_size::{Framing, WireSize, chunk, json};

/// This transport among the scales.
pub const WIRE_SIZE: WireSize =
    WireSize { entry: &ENTRY, encoded_len: |frame| chunk(json(frame) + 1), framing: Framing::Stream };
