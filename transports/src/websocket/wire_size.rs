//! The size of its frames before compression.

use super::ENTRY;
use crate::wire_size::{Framing, WireSize, json, text_frame};

/// The entry of this transport among the wire sizes.
pub const WIRE_SIZE: WireSize =
    WireSize { entry: &ENTRY, encoded_len: |frame| text_frame(json(frame)), framing: Framing::Deflated };
