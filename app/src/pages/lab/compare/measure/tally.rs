//! Counts the events of one connection.

use common::lab::LabBeat;

use super::{
    histogram::{Histogram, quantile, shape},
    shape::Shape,
};

/// Ages and weights are of the last half minute to minute: what was measured at another pace, or before a cut, is soon forgotten.
const STRETCH_MS: f64 = 30_000.0;

/// Counts what a line reports.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    stretches: [Interval; 2],
    /// When the newer of the two began.
    began: f64,
    last: Option<LabBeat>,
    updates: u64,
    requests: u64,
    reconnect_ms: Option<f64>,
    gaps: u64,
    doubled: u64,
}

#[derive(Debug, Clone, Default)]
struct Interval {
    ages: Histogram,
    updates: u64,
    bytes: u64,
}

/// The figures of a connection, for readers. None is what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Figures {
    /// The age of half of the updates was less, milliseconds.
    pub(crate) p50: Option<f64>,
    /// That of 99 of 100 was less, milliseconds.
    pub(crate) p99: Option<f64>,
    /// The distribution of the ages.
    pub(crate) ages: Shape,
    /// Bytes on the wire for each update.
    pub(crate) bytes: Option<f64>,
    /// Updates since the page was opened.
    pub(crate) updates: u64,
    /// Requests since the page was opened.
    pub(crate) requests: u64,
    /// The time of the last reconnection, milliseconds.
    pub(crate) reconnect_ms: Option<f64>,
    /// Updates of the lab that never came.
    pub(crate) gaps: u64,
    /// Updates of the lab that came twice.
    pub(crate) doubled: u64,
}

impl Tally {
    /// An update of whichever topic.
    pub(crate) fn update(&mut self) {
        self.updates += 1;
        self.stretches[0].updates += 1;
    }

    /// An update of the lab's, and how old it was; that is not known before the clocks have been compared.
    pub(crate) fn beat(&mut self, beat: LabBeat, age_ms: Option<f64>) {
        // The first one may have been lying there for a while: it says how old the present is, not how quick the line.
        if let (Some(age), Some(_)) = (age_ms, self.last) {
            self.stretches[0].ages.add(age);
        }
        match self.last.filter(|last| last.run == beat.run) {
            Some(last) if beat.seq <= last.seq => {
                self.doubled += 1;
                return;
            }
            Some(last) => self.gaps += beat.seq - last.seq - 1,
            None => {}
        }
        self.last = Some(beat);
    }

    pub(crate) fn weigh(&mut self, bytes: usize) {
        self.stretches[0].bytes += bytes as u64;
    }

    pub(crate) fn ask(&mut self) {
        self.requests += 1;
    }

    pub(crate) fn come_back(&mut self, after_ms: f64) {
        self.reconnect_ms = Some(after_ms);
    }

    /// The line was opened on purpose, or closed: what was published meanwhile is not missing.
    pub(crate) fn begin(&mut self) {
        self.last = None;
    }

    /// Forgets the ages, since the conditions have changed.
    pub(crate) fn forget_ages(&mut self, now: f64) {
        (self.stretches, self.began) = (Default::default(), now);
    }

    /// Returns the figures up to now.
    pub(crate) fn figures(&mut self, now: f64) -> Figures {
        if now - self.began >= STRETCH_MS {
            self.stretches.swap(0, 1);
            self.stretches[0] = Interval::default();
            self.began = now;
        }
        let [new, old] = &self.stretches;
        let age = |share| quantile([&new.ages, &old.ages], share);
        let (updates, bytes) = (new.updates + old.updates, new.bytes + old.bytes);
        Figures {
            p50: age(0.5),
            p99: age(0.99),
            ages: shape([&new.ages, &old.ages]),
            bytes: (updates > 0 && bytes > 0).then(|| bytes as f64 / updates as f64),
            updates: self.updates,
            requests: self.requests,
            reconnect_ms: self.reconnect_ms,
            gaps: self.gaps,
            doubled: self.doubled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(run: u64, seq: u64) -> LabBeat {
        LabBeat { run, seq, at: 0.0 }
    }

    fn after(beats: impl IntoIterator<Item = LabBeat>) -> (u64, u64) {
        let mut tally = Tally::default();
        beats.into_iter().for_each(|beat| tally.beat(beat, None));
        let figures = tally.figures(0.0);
        (figures.gaps, figures.doubled)
    }

    #[test]
    fn what_never_came_and_what_came_twice_is_counted() {
        assert_eq!(after([5, 6, 7].map(|seq| beat(1, seq))), (0, 0), "it begins anywhere");
        assert_eq!(after([5, 6, 9, 10].map(|seq| beat(1, seq))), (2, 0));
        assert_eq!(after([5, 6, 6, 5, 7].map(|seq| beat(1, seq))), (0, 2));
        assert_eq!(after([beat(1, 5), beat(2, 1), beat(2, 2)]), (0, 0), "another run has its own numbers");
    }

    #[test]
    fn what_was_published_while_it_was_off_is_not_missing() {
        let mut tally = Tally::default();
        tally.beat(beat(1, 5), None);
        tally.begin();
        tally.beat(beat(1, 50), None);
        assert_eq!(tally.figures(0.0).gaps, 0);
    }

    #[test]
    fn bytes_are_of_each_update_and_what_is_not_known_is_none() {
        let mut tally = Tally::default();
        assert_eq!(tally.figures(0.0), Figures::default());
        tally.weigh(300);
        assert_eq!(tally.figures(0.0).bytes, None, "of no update");
        for _ in 0..3 {
            tally.update();
        }
        tally.ask();
        tally.come_back(120.0);
        let figures = tally.figures(0.0);
        assert_eq!((figures.bytes, figures.updates, figures.requests), (Some(100.0), 3, 1));
        assert_eq!(figures.reconnect_ms, Some(120.0));
    }

    #[test]
    fn ages_are_those_of_the_last_minute() {
        let mut tally = Tally::default();
        let old = |tally: &mut Tally, now| tally.figures(now).p99.is_some_and(|age| age > 900.0);
        tally.beat(beat(1, 0), Some(1000.0));
        assert!(!old(&mut tally, 0.0), "the first one was lying there");
        tally.beat(beat(1, 1), Some(1000.0));
        assert!(old(&mut tally, 1.0));
        assert!(old(&mut tally, STRETCH_MS), "it is in the stretch before");
        tally.beat(beat(1, 2), Some(1.0));
        assert!(!old(&mut tally, 2.0 * STRETCH_MS));
        tally.beat(beat(1, 3), Some(1000.0));
        tally.forget_ages(2.5 * STRETCH_MS);
        assert_eq!(tally.figures(2.5 * STRETCH_MS).p99, None);
    }
}
