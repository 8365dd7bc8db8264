//! Waiting between attempts: longer each time, and never for the same time as others.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// The waits of one watch.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
    random: RandomState,
    count: u64,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { next: SHORTEST, random: RandomState::new(), count: 0 }
    }

    /// The next wait: between half and the whole of a time that doubles.
    pub(crate) fn next(&mut self) -> Duration {
        let whole = self.next;
        self.next = (whole * 2).min(LONGEST);
        self.count += 1;
        // A keyed digest is as random as a jitter has to be.
        let share = self.random.hash_one(self.count) % 1_000;
        let share = u32::try_from(share).unwrap_or_default();
        whole / 2 + whole / 2 * share / 1_000
    }

    pub(crate) fn reset(&mut self) {
        self.next = SHORTEST;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Backoff, LONGEST, SHORTEST};

    #[test]
    fn waits_double_up_to_a_bound_and_begin_again() {
        let mut backoff = Backoff::new();
        let mut whole = SHORTEST;
        for _ in 0..40 {
            let wait = backoff.next();
            assert!(wait >= whole / 2 && wait <= whole, "{wait:?} of {whole:?}");
            whole = (whole * 2).min(LONGEST);
        }
        assert_eq!(whole, LONGEST);
        backoff.reset();
        assert!(backoff.next() <= SHORTEST);
        assert!(Backoff::new().next() > Duration::ZERO);
    }
}
