//! Going on where a stream of lines has ended: the engine gives the lines of the last timestamp again, and as many equal ones are dropped as
//! were shown.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use crate::{logs::lines::LogLine, time::EventTime, version::Product};

/// The most different lines of one timestamp that are remembered. Docker's are of a nanosecond, Podman's of a second.
const MOST: usize = 65_536;

/// The lines that were shown of the last timestamp.
#[derive(Debug, Clone)]
pub struct ResumePoint {
    product: Product,
    last: Option<EventTime>,
    /// Digests of the lines, and how often each was shown.
    shown: HashMap<u64, u32>,
    digests: RandomState,
}

impl ResumePoint {
    /// Makes one for the lines of an engine.
    #[must_use]
    pub fn new(product: Product) -> Self {
        Self { product, last: None, shown: HashMap::new(), digests: RandomState::new() }
    }

    /// The time from which to ask again; none before the first line.
    #[must_use]
    pub fn since(&self) -> Option<EventTime> {
        self.last
    }

    /// Notes a line that is shown.
    pub fn note(&mut self, line: &LogLine) {
        let Some(time) = self.stamp(line) else { return };
        if self.last.is_none_or(|last| time > last) {
            self.last = Some(time);
            self.shown.clear();
        }
        if self.last == Some(time) {
            let digest = self.digest(line);
            if self.shown.len() < MOST || self.shown.contains_key(&digest) {
                *self.shown.entry(digest).or_default() += 1;
            }
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
    due: HashMap<u64, u32>,
}

impl Replay {
    /// True for a line that was not shown before the break.
    pub fn is_new(&mut self, line: &LogLine) -> bool {
        let (Some(time), Some(last)) = (self.point.stamp(line), self.point.last) else { return true };
        if time != last {
            return time > last;
        }
        let digest = self.point.digest(line);
        match self.due.get_mut(&digest) {
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
        assert_eq!(point.since(), Some(EventTime(7)));
        let mut replay = point.replay();
        let again = [line(7, "b"), line(7, "b"), line(7, "b"), line(7, "c"), line(8, "b")];
        assert_eq!(again.map(|line| replay.is_new(&line)), [false, false, true, true, true]);
    }

    #[test]
    fn podman_is_asked_for_the_whole_second_again() {
        let second = 1_000_000_000;
        let mut point = ResumePoint::new(Product::Podman);
        point.note(&line(7 * second + 1, "a"));
        point.note(&line(7 * second + 9, "b"));
        assert_eq!(point.since(), Some(EventTime(7 * second)));
        let mut replay = point.replay();
        let again = [
            line(7 * second + 1, "a"),
            line(7 * second + 9, "b"),
            line(7 * second + 20, "a"),
            line(8 * second, "a"),
        ];
        assert_eq!(again.map(|line| replay.is_new(&line)), [false, false, true, true]);
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
