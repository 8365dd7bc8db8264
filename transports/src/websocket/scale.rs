//! What its frames weigh before they are compressed.

use super::ENTRY;
use crate::scales::{Carrier, Scale, json, text_frame};

/// This transport among the scales.
pub const SCALE: Scale =
    Scale { entry: &ENTRY, weigh: |frame| text_frame(json(frame)), carrier: Carrier::Deflated };
