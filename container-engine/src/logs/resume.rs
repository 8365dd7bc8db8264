//! Going on where a stream of lines has ended: the engine gives the last lines again, and as many equal ones are dropped as were shown.
//!
//! A program has two outputs, and a line of one may be written before an earlier one of the other. So the lines of the last moments are
//! asked for again, and not only those of the last timestamp.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, RandomState},
};

use crate::{logs::lines::LogLine, time::EventTime, version::Product};

/// The most different lines of the last moments that are remembered.
const MOST: usize = 65_536;
/// A line may be so much earlier than one that Docker has written before it, nanoseconds. Podman's timestamps are of a second.
const OVERLAP: u64 = 20_000_000;
/// Podman begins in the middle of a line whose pieces lie around the time that it is asked for. So it is asked for an earlier one, by more
/// than any line takes, and the lines before the time that counts are passed over.
pub const PIECES: u64 = 10_000_000_000;

/// Digests of the lines of each timestamp, and how often each was shown.
type Shown = BTreeMap<EventTime, HashMap<u64, u32>>;

/// The lines that were shown last.
#[derive(Debug, Clone)]
pub struct ResumePoint {
    product: Product,
    last: Option<EventTime>,
    shown: Shown,
    /// The number of digests.
    count: usize,
    digests: RandomState,
}

impl ResumePoint {
    /// Makes one for the lines of an engine.
    #[must_use]
    pub fn new(product: Product) -> Self {
        Self { product, last: None, shown: Shown::new(), count: 0, digests: RandomState::new() }
    }

    /// The time from which to ask again; none before the first line.
    #[must_use]
    pub fn since(&self) -> Option<EventTime> {
        let before = if self.product == Product::Docker { 0 } else { PIECES };
        self.counted_from().map(|time| EventTime(time.0.saturating_sub(before)))
    }

    /// The time from which on lines were counted, and are whole when they come again.
    fn counted_from(&self) -> Option<EventTime> {
        let overlap = if self.product == Product::Docker { OVERLAP } else { 0 };
        self.last.map(|last| EventTime(last.0.saturating_sub(overlap)))
    }

    /// Notes a line that is shown.
    pub fn note(&mut self, line: &LogLine) {
        let Some(time) = self.stamp(line) else { return };
        self.last = self.last.max(Some(time));
        let since = self.counted_from().unwrap_or_default();
        while let Some(first) = self.shown.first_entry()
            && *first.key() < since
        {
            self.count -= first.remove().len();
        }
        let digest = self.digest(line);
        let of_time = self.shown.entry(time).or_default();
        if time >= since && (self.count < MOST || of_time.contains_key(&digest)) {
            let shown = of_time.entry(digest).or_default();
            self.count += usize::from(*shown == 0);
            *shown += 1;
        }
    }

    /// Begins to read again: says of each line, in order, if it has not been shown before.
    #[must_use]
    pub fn replay(&self) -> Replay {
        Replay { point: self.clone(), due: self.shown.clone() }
    }

    /// The timestamp, as exactly as the engine can be asked for it.
    fn stamp(&self, line: &LogLine) -> Option<EventTime> {
        match self.product {
            Product::Docker => line.time,
            Product::Podman => line.time.map(EventTime::floor_second),
        }
    }

    fn digest(&self, line: &LogLine) -> u64 {
        self.digests.hash_one((line.stream, &line.text))
    }
}

/// A second reading of lines.
#[derive(Debug, Clone)]
pub struct Replay {
    point: ResumePoint,
    due: Shown,
}

impl Replay {
    /// True for a line that was not shown before the break.
    pub fn is_new(&mut self, line: &LogLine) -> bool {
        let (Some(time), Some(since)) = (self.point.stamp(line), self.point.counted_from()) else {
            return true;
        };
        if time < since {
            return false;
        }
        let digest = self.point.digest(line);
        match self.due.get_mut(&time).and_then(|of_time| of_time.get_mut(&digest)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ResumePoint;
    use crate::{
        logs::{frames::StdStream, lines::LogLine},
        time::EventTime,
        version::Product,
    };

    fn line(time: u64, text: &str) -> LogLine {
        LogLine {
            time: Some(EventTime(time)),
            stream: StdStream::Out,
            text: text.as_bytes().to_vec(),
            cut: false,
            length: text.len() as u64,
            is_open: false,
        }
    }

    #[test]
    fn equal_lines_of_one_moment_are_counted() {
        let mut point = ResumePoint::new(Product::Docker);
        assert_eq!(point.since(), None);
        for shown in [line(5, "a"), line(7, "b"), line(7, "b")] {
            point.note(&shown);
        }
        assert_eq!(point.since(), Some(EventTime(0)));
        let mut replay = point.replay();
        let again = [
            line(5, "a"),
            line(7, "b"),
            line(6, "late"),
            line(7, "b"),
            line(7, "b"),
            line(7, "c"),
            line(8, "b"),
        ];
        assert_eq!(again.map(|line| replay.is_new(&line)), [false, false, true, false, true, true, true]);
        let second = 1_000_000_000;
        for time in second..second + 100 {
            point.note(&line(time, "x"));
        }
        assert_eq!((point.count, point.since()), (100, Some(EventTime(second + 99 - super::OVERLAP))));
    }

    #[test]
    fn podman_is_asked_for_some_seconds_again_and_the_last_one_counts() {
        let second = 1_000_000_000;
        let mut point = ResumePoint::new(Product::Podman);
        point.note(&line(27 * second + 1, "a"));
        point.note(&line(27 * second + 9, "b"));
        assert_eq!(point.since(), Some(EventTime(17 * second)));
        let mut replay = point.replay();
        let again = [
            line(17 * second, "the end of a line whose beginning is left out"),
            line(27 * second + 1, "a"),
            line(27 * second + 9, "b"),
            line(27 * second + 20, "a"),
            line(28 * second, "a"),
        ];
        assert_eq!(again.map(|line| replay.is_new(&line)), [false, false, false, true, true]);
    }

    proptest! {
        #[test]
        fn nothing_is_missed_or_doubled_wherever_it_breaks(gaps in proptest::collection::vec((0_u64..3, 0_u8..3), 1..40), at in 0_usize..40, podman in any::<bool>()) {
            let (product, unit) = if podman { (Product::Podman, 400_000_000) } else { (Product::Docker, 1) };
            let mut time = 1_000_000_000;
            let all: Vec<LogLine> = gaps.iter().map(|(gap, text)| { time += gap * unit; line(time, &text.to_string()) }).collect();
            let at = at.min(all.len());
            let mut point = ResumePoint::new(product);
            all[..at].iter().for_each(|line| point.note(line));
            let mut shown = all[..at].to_vec();
            let mut replay = point.replay();
            let since = point.since().unwrap_or_default();
            shown.extend(all.iter().filter(|line| line.time >= Some(since)).filter(|line| replay.is_new(line)).cloned());
            prop_assert_eq!(shown, all);
        }
    }
}
