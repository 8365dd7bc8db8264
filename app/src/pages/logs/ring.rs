//! The lines that the page keeps: the newest, within bounds, each under a number that stays its own.

use std::collections::VecDeque;

use common::logs::{LogLevel, LogLine, LogMark};

use super::{level, plain};

/// At most so many bytes of text are kept.
const MOST_BYTES: usize = 16 << 20;
/// At most so many lines are kept.
const MOST_LINES: usize = 200_000;
/// A line without a text takes room, too.
const LINE_BYTES: usize = 16;

/// The bounds of a ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct RingBounds {
    pub(super) bytes: usize,
    pub(super) lines: usize,
}

/// A line as the page keeps it, or a place where lines are missing. It is small: there are many.
#[derive(Debug, PartialEq)]
pub(super) struct KeptLine {
    /// Unix microseconds; 0 where nobody knows.
    pub(super) at: u64,
    pub(super) text: Box<str>,
    /// The writer, of a source that has many.
    pub(super) from: Option<Box<str>>,
    /// Bytes of the whole line, where only its beginning is here; of a gap, the number of missing lines.
    pub(super) count: u64,
    /// Columns that it takes if it is not wrapped.
    pub(super) columns: u32,
    pub(super) source: u16,
    pub(super) level: Option<LogLevel>,
    pub(super) stderr: bool,
    pub(super) is_gap: bool,
    /// True if its fields are shown below it, and how many rows they take.
    pub(super) opened: u16,
}

impl KeptLine {
    pub(super) fn of(line: LogLine) -> Self {
        let level = line.level.or_else(|| level::of(&line.text));
        Self {
            at: line.at,
            columns: plain::columns(&line.text),
            text: line.text.into(),
            from: line.from.map(Into::into),
            count: line.cut.unwrap_or_default(),
            source: line.source,
            level,
            stderr: line.stderr,
            is_gap: false,
            opened: 0,
        }
    }

    /// The place of so many lines that did not come.
    pub(super) fn gap(count: u64) -> Self {
        Self {
            at: 0,
            text: "".into(),
            from: None,
            count,
            columns: 0,
            source: 0,
            level: None,
            stderr: false,
            is_gap: true,
            opened: 0,
        }
    }

    fn bytes(&self) -> usize {
        LINE_BYTES + self.text.len() + self.from.as_ref().map_or(0, |from| from.len())
    }
}

/// Lines with consecutive numbers. Those put before the first have lower ones.
#[derive(Debug)]
pub(super) struct LineRing {
    lines: VecDeque<KeptLine>,
    first: u64,
    bytes: usize,
    bounds: RingBounds,
    /// Lines that were dropped at the front, for newer ones.
    dropped: u64,
}

/// The number of the first line that comes; there is room below it for all that anyone loads.
const BEGIN: u64 = 1 << 40;

impl LineRing {
    pub(super) fn new() -> Self {
        Self::within(RingBounds { bytes: MOST_BYTES, lines: MOST_LINES })
    }

    pub(super) const fn within(bounds: RingBounds) -> Self {
        Self { lines: VecDeque::new(), first: BEGIN, bytes: 0, bounds, dropped: 0 }
    }

    /// The number of the first line.
    pub(super) const fn first(&self) -> u64 {
        self.first
    }

    /// The number after that of the last line.
    pub(super) fn end(&self) -> u64 {
        self.first + self.lines.len() as u64
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) const fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(super) fn get(&self, number: u64) -> Option<&KeptLine> {
        self.lines.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// Changes the number of rows that a line's fields take.
    pub(super) fn open(&mut self, number: u64, rows: u16) {
        let place = number.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        if let Some(line) = place.and_then(|place| self.lines.get_mut(place)) {
            line.opened = rows;
        }
    }

    /// Adds the newest line; the oldest make room.
    pub(super) fn push(&mut self, line: KeptLine) {
        self.bytes += line.bytes();
        self.lines.push_back(line);
        while self.is_over() {
            let Some(old) = self.lines.pop_front() else { break };
            self.bytes -= old.bytes();
            self.first += 1;
            if !old.is_gap {
                self.dropped += 1;
            }
        }
    }

    /// Puts lines before the first; the newest make room. Returns how many of those were dropped.
    pub(super) fn put_before(&mut self, lines: Vec<KeptLine>) -> usize {
        for line in lines.into_iter().rev() {
            self.bytes += line.bytes();
            self.lines.push_front(line);
            self.first -= 1;
        }
        let before = self.lines.len();
        while self.is_over() {
            let Some(newest) = self.lines.pop_back() else { break };
            self.bytes -= newest.bytes();
        }
        // Those that were dropped at the front are here again, or older ones.
        self.dropped = 0;
        before - self.lines.len()
    }

    /// A ring of one line keeps it, whatever its length: the server has bounded it.
    fn is_over(&self) -> bool {
        self.lines.len() > 1 && (self.lines.len() > self.bounds.lines || self.bytes > self.bounds.bytes)
    }

    /// The place before the first line: older lines end there. None without a line whose time is known.
    pub(super) fn begin_mark(&self) -> Option<LogMark> {
        mark(self.lines.iter())
    }

    /// The place after the last line: newer lines begin there.
    pub(super) fn end_mark(&self) -> Option<LogMark> {
        mark(self.lines.iter().rev())
    }

    /// The number of the first line at a moment or after it, microseconds, where the lines begin before that moment.
    pub(super) fn at_or_after(&self, at: u64) -> Option<u64> {
        let mut known = self.lines.iter().filter(|line| line.at > 0);
        known.next().filter(|first| first.at <= at)?;
        let place = self.lines.iter().position(|line| line.at >= at)?;
        Some(self.first + place as u64)
    }

    /// The time of the first line whose time is known.
    pub(super) fn begins_at(&self) -> Option<u64> {
        self.lines.iter().map(|line| line.at).find(|at| *at > 0)
    }
}

fn mark<'a>(lines: impl Iterator<Item = &'a KeptLine>) -> Option<LogMark> {
    let mut known = lines.filter(|line| line.at > 0);
    let at = known.next()?.at;
    let more = known.take_while(|line| line.at == at).count();
    Some(LogMark { at, seen: u32::try_from(more + 1).unwrap_or(u32::MAX) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(at: u64, text: &str) -> KeptLine {
        let (source, stderr, level, from, cut) = (0, false, None, None, None);
        KeptLine::of(LogLine { at, source, stderr, level, from, text: text.into(), cut })
    }

    fn texts(ring: &LineRing) -> Vec<&str> {
        (ring.first()..ring.end()).filter_map(|number| Some(&*ring.get(number)?.text)).collect()
    }

    #[test]
    fn a_line_keeps_its_number_while_others_come_and_go_at_both_ends() {
        let mut ring = LineRing::within(RingBounds { bytes: 1_000, lines: 3 });
        for at in 1..=3 {
            ring.push(line(at, &at.to_string()));
        }
        let second = ring.first() + 1;
        ring.push(line(4, "4"));
        assert_eq!((texts(&ring), ring.dropped()), (vec!["2", "3", "4"], 1));
        assert_eq!(ring.get(second).map(|line| &*line.text), Some("2"));
        assert_eq!(ring.get(second - 1), None);
        assert_eq!(ring.put_before(vec![line(0, "0"), line(1, "1")]), 2);
        assert_eq!((texts(&ring), ring.dropped()), (vec!["0", "1", "2"], 0));
        assert_eq!(ring.get(second).map(|line| &*line.text), Some("2"));
    }

    #[test]
    fn the_marks_count_the_lines_of_one_moment_and_pass_over_what_has_none() {
        let mut ring = LineRing::new();
        assert_eq!((ring.begin_mark(), ring.end_mark()), (None, None));
        for (at, text) in [(5, "a"), (5, "b"), (6, "c"), (9, "d"), (9, "e"), (9, "f")] {
            ring.push(line(at, text));
        }
        ring.push(KeptLine::gap(7));
        ring.push(line(0, "nobody knows"));
        assert_eq!(ring.begin_mark(), Some(LogMark { at: 5, seen: 2 }));
        assert_eq!(ring.end_mark(), Some(LogMark { at: 9, seen: 3 }));
        assert_eq!(ring.at_or_after(7), Some(ring.first() + 3));
        assert_eq!(ring.at_or_after(4), None, "it may lie before what is here");
        assert_eq!(ring.at_or_after(10), None);
    }

    #[test]
    fn a_line_larger_than_the_ring_is_kept_alone() {
        let mut ring = LineRing::within(RingBounds { bytes: 100, lines: 10 });
        ring.push(line(1, "small"));
        ring.push(line(2, &"x".repeat(500)));
        assert_eq!(ring.len(), 1);
        ring.push(line(3, "small"));
        assert_eq!(texts(&ring), ["small"]);
    }

    proptest! {
        #[test]
        fn the_bounds_hold_whatever_comes(
            steps in prop::collection::vec((any::<bool>(), prop::collection::vec(0_usize..60, 0..9)), 0..60)
        ) {
            let bounds = RingBounds { bytes: 400, lines: 9 };
            let mut ring = LineRing::within(bounds);
            for (before, lengths) in steps {
                let lines: Vec<_> = lengths.iter().map(|length| line(1, &"x".repeat(*length))).collect();
                if before {
                    ring.put_before(lines);
                } else {
                    lines.into_iter().for_each(|line| ring.push(line));
                }
                let counted: usize = ring.lines.iter().map(KeptLine::bytes).sum();
                prop_assert_eq!(counted, ring.bytes);
                prop_assert!(ring.len() <= bounds.lines && (counted <= bounds.bytes || ring.len() == 1));
                prop_assert_eq!(ring.end() - ring.first(), ring.len() as u64);
            }
        }
    }
}
