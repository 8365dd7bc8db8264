//! What its lines weigh.

use super::ENTRY;
use crate::scales::{Carrier, Scale, chunk, json};

/// This transport among the scales.
pub const SCALE: Scale =
    Scale { entry: &ENTRY, weigh: |frame| chunk(json(frame) + 1), carrier: Carrier::Stream };
