//! The size of its frames before compression.

use super::ENTRY;
use crate::wire_size::{Framing, WireSize, json, text_frame};

/// This transport among the scales.
pub const WIRE_SIZE: WireSize =
    WireSize { entry: &ENTRY, encoded_len: |frame| text_frame(json(frame)), framing: Framing::Deflated };
