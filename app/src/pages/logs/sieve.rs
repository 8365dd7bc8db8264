//! The lines that are shown, and those that match the search: by number, found out as many at a time as a frame has time for.

use std::collections::VecDeque;

use super::{
    level_name::LevelGroup,
    ring::{KeptLine, LineRing},
};

/// The conditions that a line is shown by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct LineFilter {
    /// Only lines of this level or a worse one.
    pub(super) level: Option<LevelGroup>,
    /// Only lines that match the search.
    pub(super) only_matching: bool,
}

impl LineFilter {
    fn passes(self, line: &KeptLine, matches: bool) -> bool {
        // A gap is always told.
        line.is_gap
            || (!self.only_matching || matches)
                && self
                    .level
                    .is_none_or(|least| line.level.is_some_and(|level| LevelGroup::of(level) <= least))
    }
}

/// The numbers of some of the ring's lines, ascending.
#[derive(Debug, Default)]
pub(super) struct LineSieve {
    filter: LineFilter,
    /// True if there is a search.
    searches: bool,
    /// The lines that were looked at: from this number to that, which is excluded.
    seen: Option<(u64, u64)>,
    shown: VecDeque<u64>,
    found: VecDeque<u64>,
}

impl LineSieve {
    /// Begins anew with other conditions.
    pub(super) fn reset(&mut self, filter: LineFilter, searches: bool) {
        let only_matching = filter.only_matching && searches;
        *self = Self { filter: LineFilter { only_matching, ..filter }, searches, ..Self::default() };
    }

    /// True if all lines are shown.
    fn is_open(&self) -> bool {
        self.filter == LineFilter::default()
    }

    /// Looks at lines that it has not seen, the newest first, and at most `most` of them. Returns true if more are left.
    pub(super) fn look(&mut self, ring: &LineRing, test: &dyn Fn(&KeptLine) -> bool, most: usize) -> bool {
        self.trim(ring);
        if self.is_open() && !self.searches {
            return false;
        }
        let (mut first, mut end) = self.seen.unwrap_or((ring.end(), ring.end()));
        let mut left = most;
        while left > 0 && end < ring.end() {
            if let Some(line) = ring.get(end) {
                let matches = self.searches && !line.is_gap && test(line);
                if matches {
                    self.found.push_back(end);
                }
                if !self.is_open() && self.filter.passes(line, matches) {
                    self.shown.push_back(end);
                }
            }
            end += 1;
            left -= 1;
        }
        while left > 0 && first > ring.first() {
            first -= 1;
            if let Some(line) = ring.get(first) {
                let matches = self.searches && !line.is_gap && test(line);
                if matches {
                    self.found.push_front(first);
                }
                if !self.is_open() && self.filter.passes(line, matches) {
                    self.shown.push_front(first);
                }
            }
            left -= 1;
        }
        self.seen = Some((first, end));
        first > ring.first() || end < ring.end()
    }

    /// Forgets lines that the ring has no more.
    fn trim(&mut self, ring: &LineRing) {
        for numbers in [&mut self.shown, &mut self.found] {
            while numbers.front().is_some_and(|number| *number < ring.first()) {
                numbers.pop_front();
            }
            while numbers.back().is_some_and(|number| *number >= ring.end()) {
                numbers.pop_back();
            }
        }
        if let Some((first, end)) = self.seen {
            let first = first.max(ring.first()).min(ring.end());
            self.seen = Some((first, end.min(ring.end()).max(first)));
        }
    }

    /// The number of lines that are shown.
    pub(super) fn count(&self, ring: &LineRing) -> usize {
        if self.is_open() { ring.len() } else { self.shown.len() }
    }

    /// The number of the line at a place among those that are shown.
    pub(super) fn number(&self, ring: &LineRing, place: usize) -> Option<u64> {
        if self.is_open() {
            Some(ring.first() + place as u64).filter(|number| *number < ring.end())
        } else {
            self.shown.get(place).copied()
        }
    }

    /// The place of a line among those that are shown, or of the next one.
    pub(super) fn place(&self, ring: &LineRing, number: u64) -> usize {
        if self.is_open() {
            usize::try_from(number.saturating_sub(ring.first())).unwrap_or(usize::MAX).min(ring.len())
        } else {
            self.shown.partition_point(|shown| *shown < number)
        }
    }

    /// The number of lines that match, and the place among them of this one or the next.
    pub(super) fn matches(&self, number: Option<u64>) -> (usize, usize) {
        let place = number.map_or(0, |number| self.found.partition_point(|found| *found < number));
        (self.found.len(), place)
    }

    /// The matching line after or before another, or at the other end; the newest where there is none.
    pub(super) fn step(&self, from: Option<u64>, forward: bool) -> Option<u64> {
        let (first, last) = (self.found.front().copied(), self.found.back().copied());
        let Some(from) = from else { return last };
        let place = self.found.partition_point(|found| *found < from);
        if forward {
            let is_here = self.found.get(place) == Some(&from);
            self.found.get(place + usize::from(is_here)).copied().or(first)
        } else {
            place.checked_sub(1).and_then(|place| self.found.get(place)).copied().or(last)
        }
    }
}

#[cfg(test)]
mod tests {
    use common::logs::{LogLevel, LogLine};

    use super::{super::ring::RingBounds, *};

    fn line(text: &str) -> KeptLine {
        let (source, stderr, level, from, cut) = (0, false, None, None, None);
        KeptLine::of(LogLine { at: 1, source, stderr, level, from, text: text.into(), cut })
    }

    fn ring(texts: &[&str]) -> LineRing {
        let mut ring = LineRing::within(RingBounds { bytes: 10_000, lines: 5 });
        texts.iter().for_each(|text| ring.push(line(text)));
        ring
    }

    fn shown<'a>(sieve: &LineSieve, ring: &'a LineRing) -> Vec<&'a str> {
        let at = |place| ring.get(sieve.number(ring, place)?).map(|line| &*line.text);
        (0..sieve.count(ring)).filter_map(at).collect()
    }

    fn has_a(line: &KeptLine) -> bool {
        line.text.contains('a')
    }

    #[test]
    fn without_conditions_all_lines_are_shown_and_none_is_looked_at() {
        let (ring, mut sieve) = (ring(&["a", "b"]), LineSieve::default());
        assert!(!sieve.look(&ring, &|_| panic!("nothing is searched"), 10));
        assert_eq!(shown(&sieve, &ring), ["a", "b"]);
        assert_eq!((sieve.place(&ring, ring.first() + 1), sieve.number(&ring, 2)), (1, None));
    }

    #[test]
    fn a_search_goes_on_where_it_stopped_and_takes_in_what_comes_at_both_ends() {
        let (mut ring, mut sieve) = (ring(&["a1", "b", "a2"]), LineSieve::default());
        sieve.reset(LineFilter { only_matching: true, level: None }, true);
        assert!(sieve.look(&ring, &has_a, 2), "one line is left");
        assert_eq!(shown(&sieve, &ring), ["a2"]);
        assert!(!sieve.look(&ring, &has_a, 2));
        assert_eq!(shown(&sieve, &ring), ["a1", "a2"]);
        ring.push(line("a3"));
        ring.put_before(vec![line("a0")]);
        assert!(!sieve.look(&ring, &has_a, 2));
        assert_eq!(shown(&sieve, &ring), ["a0", "a1", "a2", "a3"]);
        for text in ["a4", "c", "d"] {
            ring.push(line(text));
        }
        assert!(!sieve.look(&ring, &has_a, 9));
        assert_eq!(shown(&sieve, &ring), ["a2", "a3", "a4"], "what the ring dropped is gone");
        ring.put_before(vec![line("a5"), line("e"), line("a6")]);
        assert!(!sieve.look(&ring, &has_a, 9));
        assert_eq!(shown(&sieve, &ring), ["a5", "a6", "a2", "a3"]);
    }

    #[test]
    fn steps_go_around_and_begin_with_the_newest() {
        let (ring, mut sieve) = (ring(&["a", "b", "a", "a"]), LineSieve::default());
        sieve.reset(LineFilter::default(), true);
        sieve.look(&ring, &has_a, 9);
        let first = ring.first();
        assert_eq!(sieve.matches(Some(first + 2)), (3, 1));
        assert_eq!(sieve.step(None, false), Some(first + 3));
        assert_eq!(sieve.step(Some(first + 3), false), Some(first + 2));
        assert_eq!(sieve.step(Some(first), false), Some(first + 3));
        assert_eq!(sieve.step(Some(first + 3), true), Some(first));
        assert_eq!(sieve.step(Some(first + 1), true), Some(first + 2));
    }

    #[test]
    fn a_level_shows_itself_and_what_is_worse_and_gaps_are_always_told() {
        let mut ring = ring(&["INFO a", "ERROR b", "plain"]);
        ring.push(KeptLine::gap(3));
        ring.push(KeptLine { level: Some(LogLevel::Alert), ..line("alarm") });
        let mut sieve = LineSieve::default();
        sieve.reset(LineFilter { level: Some(LevelGroup::Warning), only_matching: true }, false);
        sieve.look(&ring, &has_a, 9);
        assert_eq!(shown(&sieve, &ring), ["ERROR b", "", "alarm"]);
    }
}
