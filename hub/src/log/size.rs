//! Sizes in memory and on disk.

use std::iter::Sum;

/// The size of a topic, or of all topics together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// The bytes of payload.
    pub(crate) payload: usize,
    /// The bytes of records in the journal; 0 for what is in memory only.
    pub(crate) stored: usize,
}

impl Size {
    /// A part of it was `before` and is `after`.
    pub(super) fn change(&mut self, before: Self, after: Self) {
        self.payload = self.payload + after.payload - before.payload;
        self.stored = self.stored + after.stored - before.stored;
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |all, part| Self {
            payload: all.payload + part.payload,
            stored: all.stored + part.stored,
        })
    }
}
