//! The streams that the page reads, as it knows them.

use std::any::Any;

use common::{logs::LogLine, stream::StreamId};
use send_wrapper::SendWrapper;

use super::ring::KeptLine;

/// As many lines come at first, and more at each question.
pub(super) const PAGE: u32 = 500;

/// The progress of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StreamState {
    /// No source is chosen.
    Idle,
    /// Asked for.
    Opening,
    /// Lines come.
    Reading,
    /// There are no more.
    Complete,
    /// There are more, which the reader has not asked for.
    Cut,
    /// The source failed; why, in the server's words.
    Failed(String),
    /// The server has ended it: nobody read it, or it stops.
    Cancelled,
    /// The server did not open it: why, and the number to quote.
    Refused { told: String, id: String },
}

/// The two streams that a page may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamLane {
    Main,
    Earlier,
}

/// The stream of a lane.
#[derive(Default)]
pub(super) struct ReadingSlot {
    /// Counts openings: what comes for an older one is late.
    pub(super) generation: u64,
    pub(super) reading: Option<StreamReading>,
}

pub(super) struct StreamReading {
    pub(super) id: StreamId,
    pub(super) counter: ItemCounter,
    /// As many may still come; none if there is no bound.
    pub(super) left: Option<usize>,
    /// Lines that are to be put before those that are there.
    pub(super) taken: Vec<KeptLine>,
    pub(super) _guard: SendWrapper<Box<dyn Any>>,
}

/// Counts the items of a stream: each entry says the place of its first.
#[derive(Debug, Default)]
pub(super) struct ItemCounter {
    /// The number of items that came, or were skipped.
    next: u64,
}

impl ItemCounter {
    /// The lines of an entry that had not come, behind a gap where some never will.
    pub(super) fn take(&mut self, first: u64, items: Vec<LogLine>) -> Vec<KeptLine> {
        let mut lines = self.gap(first);
        let again = usize::try_from(self.next - first.min(self.next)).unwrap_or(usize::MAX);
        self.next = self.next.max(first.saturating_add(items.len() as u64));
        lines.extend(items.into_iter().skip(again).map(KeptLine::of));
        lines
    }

    /// The gap before an item, if there is one.
    pub(super) fn gap(&mut self, first: u64) -> Vec<KeptLine> {
        let lost = first.saturating_sub(self.next);
        self.next += lost;
        if lost > 0 { vec![KeptLine::gap(lost)] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: u64) -> Vec<LogLine> {
        let line = |at: u64| LogLine {
            at,
            source: 0,
            stderr: false,
            level: None,
            from: None,
            text: at.to_string(),
            cut: None,
        };
        (0..count).map(line).collect()
    }

    fn told(lines: &[KeptLine]) -> Vec<String> {
        let told = |line: &KeptLine| {
            if line.is_gap { format!("{} lost", line.count) } else { line.text.to_string() }
        };
        lines.iter().map(told).collect()
    }

    #[test]
    fn what_was_skipped_is_counted_and_what_comes_twice_is_taken_once() {
        let mut counter = ItemCounter::default();
        assert_eq!(told(&counter.take(0, lines(2))), ["0", "1"]);
        assert_eq!(told(&counter.take(5, lines(1))), ["3 lost", "0"]);
        assert_eq!(told(&counter.take(4, lines(4))), ["2", "3"]);
        assert!(counter.take(0, lines(3)).is_empty());
        assert!(counter.gap(8).is_empty());
        assert_eq!(told(&counter.gap(11)), ["3 lost"]);
        assert!(counter.take(u64::MAX, lines(2)).len() == 3, "a server that lies is no panic");
    }
}
