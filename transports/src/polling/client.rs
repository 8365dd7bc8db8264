//! The page's end: a question every second while someone looks, every five seconds otherwise.

use super::{ENTRY, Manner, questions};
use crate::browser::{Ask, Ear, Line};

const MANNER: Manner = Manner { path: ENTRY.path, wait: None, silence_ms: 5_000 };

/// Begins to ask.
#[must_use]
pub fn open(ask: &Ask, ear: Ear) -> Option<Box<dyn Line>> {
    questions(&MANNER, ask, ear)
}
