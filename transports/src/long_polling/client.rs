//! The page's end: a question is always open.

use super::ENTRY;
use crate::{
    browser::{Ask, Ear, Line},
    polling::{Manner, questions},
};

/// Less than the page's engine bears of silence, with time to spare for slow networks.
const WAIT_S: u32 = 10;

const MANNER: Manner =
    Manner { path: ENTRY.path, wait: Some(WAIT_S), silence_ms: WAIT_S as u64 * 1_000 + 2_000 };

/// Begins to ask.
#[must_use]
pub fn open(ask: &Ask, ear: Ear) -> Option<Box<dyn Line>> {
    questions(&MANNER, ask, ear)
}
