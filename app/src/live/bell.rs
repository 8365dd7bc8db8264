//! What happened to the connection, kept for the reader.

use super::Slot;
use crate::{page::Page, ports::Notice};

/// How many notices are kept: a page may stay open for months.
const KEPT: usize = 50;
/// How long a toast stays, milliseconds.
const TOAST_MS: u64 = 7000;

/// One notice, with its number on this page and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Counted from 1.
    pub number: u32,
    /// Milliseconds since 1970.
    pub at: u64,
    /// What happened.
    pub notice: Notice,
}

/// The notices.
#[derive(Clone, Copy)]
pub struct Bell {
    entries: Slot<Vec<Entry>>,
    seen: Slot<u32>,
    dismissed: Slot<u32>,
}

impl Bell {
    /// A bell that has not rung.
    #[must_use]
    pub fn new() -> Self {
        Self { entries: Slot::new(Vec::new()), seen: Slot::new(0), dismissed: Slot::new(0) }
    }

    /// The page's bell.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> Self {
        Page::here().bell
    }

    /// Adds a notice.
    pub fn ring(self, notice: Notice, at: u64) {
        let seen = self.seen.peek();
        self.entries.update(|entries| {
            let number = entries.last().map_or(seen, |last| last.number) + 1;
            entries.push(Entry { number, at, notice });
            let surplus = entries.len().saturating_sub(KEPT);
            entries.drain(..surplus);
        });
    }

    /// All that are kept, newest first, tracked.
    #[must_use]
    pub fn entries(self) -> Vec<Entry> {
        self.entries.with(|entries| entries.iter().rev().cloned().collect())
    }

    /// Whether there is none, tracked.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.entries.with(Vec::is_empty)
    }

    /// The newest notice while it is fresh, tracked.
    #[must_use]
    pub fn toast(self, now: Option<u64>) -> Option<Entry> {
        let newest = self.entries.with(|entries| entries.last().cloned())?;
        let fresh = now? < newest.at + TOAST_MS && newest.number > self.dismissed.get();
        fresh.then_some(newest)
    }

    /// How many nobody has looked at, tracked.
    #[must_use]
    pub fn unread(self) -> usize {
        let seen = self.seen.get();
        self.entries.with(|entries| entries.iter().filter(|entry| entry.number > seen).count())
    }

    /// All have been looked at.
    pub fn read(self) {
        if let Some(newest) = self.newest() {
            self.seen.set(newest);
            self.dismissed.set(newest);
        }
    }

    /// The toast has been read.
    pub fn dismiss(self) {
        if let Some(newest) = self.newest() {
            self.dismissed.set(newest);
        }
    }

    /// Forgets them. Numbers go on from the last one seen.
    pub fn clear(self) {
        self.read();
        self.entries.set(Vec::new());
    }

    fn newest(self) -> Option<u32> {
        self.entries.look(|entries| entries.last().map(|last| last.number)).flatten()
    }
}

impl Default for Bell {
    fn default() -> Self {
        Self::new()
    }
}
