//! Reports the age of each part's last sample, and parts that hang.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

/// A part may stand still for this long whatever its pace: a busy machine is no fault.
const PATIENCE: Duration = Duration::from_secs(10);
/// A part may hang for this many of its intervals.
const INTERVALS: u32 = 5;

/// The parts of the collector; each runs in a thread of its own, so that one which hangs holds up no other.
#[derive(Debug, Clone)]
pub struct Parts {
    parts: Arc<[Arc<Part>]>,
}

/// One part: its thread says when it moves and when it has measured, and everyone may look.
#[derive(Debug)]
pub(crate) struct Part {
    name: &'static str,
    /// The part may hang for this long.
    limit: Duration,
    start: Instant,
    /// Milliseconds after `start` at which it last moved.
    moved: AtomicU64,
    /// Milliseconds after `start` at which it last had a sample, plus one; 0 for never.
    sampled: AtomicU64,
}

/// A part as it is at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartAge {
    /// The part's name for operators.
    pub name: &'static str,
    /// The age of the last sample; none before the first.
    pub sample: Option<Duration>,
    /// The time for which the part has hung; none while it moves.
    pub stuck: Option<Duration>,
}

impl Parts {
    /// Parts by name, each with the interval of its rounds.
    pub(crate) fn new(parts: &[(&'static str, Duration)]) -> Self {
        let start = Instant::now();
        let part = |&(name, interval): &(&'static str, Duration)| {
            Arc::new(Part {
                name,
                limit: (interval * INTERVALS).max(PATIENCE),
                start,
                moved: AtomicU64::new(0),
                sampled: AtomicU64::new(0),
            })
        };
        Self { parts: parts.iter().map(part).collect() }
    }

    /// Returns every part, in the order in which they were given.
    pub(crate) fn all(&self) -> &[Arc<Part>] {
        &self.parts
    }

    /// Returns the age of every part now.
    #[must_use]
    pub fn ages(&self) -> Vec<PartAge> {
        let now = Instant::now();
        self.parts.iter().map(|part| part.age(now)).collect()
    }
}

impl Part {
    /// Returns the part's name for operators and threads.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Says that its thread has got so far.
    pub(crate) fn moves(&self) {
        self.moved.store(self.millis(Instant::now()), Relaxed);
    }

    /// Says that it has measured.
    pub(crate) fn sampled(&self) {
        self.moves();
        self.sampled.store(self.millis(Instant::now()).saturating_add(1), Relaxed);
    }

    fn age(&self, now: Instant) -> PartAge {
        let since =
            |millis| Duration::from_millis(self.millis(now)).saturating_sub(Duration::from_millis(millis));
        let still = since(self.moved.load(Relaxed));
        let sampled = self.sampled.load(Relaxed).checked_sub(1);
        PartAge { name: self.name, sample: sampled.map(since), stuck: (still > self.limit).then_some(still) }
    }

    fn millis(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.start).as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_stands_still_is_told_by_its_name_and_moves_again() {
        let parts = Parts::new(&[("disks", Duration::from_secs(2)), ("slow", Duration::from_secs(60))]);
        let [disks, slow] = [0, 1].map(|index| Arc::clone(&parts.all()[index]));
        let later = |seconds| disks.start + Duration::from_secs(seconds);
        assert_eq!(disks.age(later(10)), PartAge { name: "disks", sample: None, stuck: None });
        assert_eq!(disks.age(later(11)).stuck, Some(Duration::from_secs(11)));
        assert_eq!(slow.age(later(300)).stuck, None, "its rounds are a minute apart");
        assert!(slow.age(later(301)).stuck.is_some());
        disks.sampled();
        let age = disks.age(later(10));
        assert!(age.stuck.is_none() && age.sample.is_some_and(|age| age <= Duration::from_secs(10)));
    }
}
