//! Checks that one subscriber receives every publication once and in order.

use std::{collections::BTreeSet, ops::AddAssign};

/// The publications that one subscriber received.
#[derive(Debug)]
pub(crate) struct Tally {
    /// One sequence for each publisher: of several, each has its own order.
    sequences: Vec<Sequence>,
    heard: u64,
}

/// Numbers that are to come one after another.
#[derive(Debug, Clone)]
struct Sequence {
    /// The number that is due.
    next: u64,
    /// Numbers that were passed over, and may still come.
    missing: BTreeSet<u64>,
    duplicated: u64,
    out_of_order: u64,
}

/// The faults of the deliveries, over all subscribers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Faults {
    /// Publications that a subscriber never heard.
    pub(crate) lost: u64,
    /// Publications that a subscriber heard again.
    pub(crate) duplicated: u64,
    /// Publications that a subscriber heard after a later one.
    pub(crate) out_of_order: u64,
}

impl Tally {
    /// For a subscriber that comes before publication number `next` of one publisher.
    pub(crate) fn from(next: u64) -> Self {
        Self { sequences: vec![Sequence::from(next)], heard: 0 }
    }

    /// For a subscriber that comes before several publishers, who publish in turns: each has every so-manieth number.
    pub(crate) fn of_publishers(count: usize) -> Self {
        Self { sequences: vec![Sequence::from(1); count], heard: 0 }
    }

    /// Counts publication `number`.
    pub(crate) fn record(&mut self, number: u64) {
        self.heard += 1;
        let publishers = self.sequences.len() as u64;
        let before = number.saturating_sub(1);
        #[allow(clippy::cast_possible_truncation, reason = "it is less than a length")]
        self.sequences[(before % publishers) as usize].record(before / publishers + 1);
    }

    /// Returns the number of received publications.
    pub(crate) fn received(&self) -> u64 {
        self.heard
    }

    /// The last publication up to which it has heard all.
    pub(crate) fn whole_to(&self) -> u64 {
        let publishers = self.sequences.len() as u64;
        let due = (0..).zip(&self.sequences).map(|(place, one)| (one.first_due() - 1) * publishers + place);
        due.min().unwrap_or_default()
    }

    /// Returns true if all publications up to and with `last` were received.
    pub(crate) fn is_complete(&self, last: u64) -> bool {
        self.with_last(last).all(|(one, last)| one.next > last && one.missing.is_empty())
    }

    /// Counts the faults, given that `last` was the last publication.
    pub(crate) fn faults(&self, last: u64) -> Faults {
        let mut faults = Faults::default();
        for (one, last) in self.with_last(last) {
            let unheard = (last + 1).saturating_sub(one.next);
            faults += Faults {
                lost: one.missing.len() as u64 + unheard,
                duplicated: one.duplicated,
                out_of_order: one.out_of_order,
            };
        }
        faults
    }

    /// Each sequence with its own last number, given that `last` was the last of all.
    fn with_last(&self, last: u64) -> impl Iterator<Item = (&Sequence, u64)> {
        let publishers = self.sequences.len() as u64;
        self.sequences
            .iter()
            .zip(0..)
            .map(move |(one, place)| (one, (last + publishers - 1 - place) / publishers))
    }
}

impl Sequence {
    fn from(next: u64) -> Self {
        Self { next, missing: BTreeSet::new(), duplicated: 0, out_of_order: 0 }
    }

    fn record(&mut self, number: u64) {
        if number >= self.next {
            self.missing.extend(self.next..number);
            self.next = number + 1;
        } else if self.missing.remove(&number) {
            self.out_of_order += 1;
        } else {
            self.duplicated += 1;
        }
    }

    fn first_due(&self) -> u64 {
        self.missing.first().copied().unwrap_or(self.next)
    }
}

impl AddAssign for Faults {
    fn add_assign(&mut self, other: Self) {
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.out_of_order += other.out_of_order;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(heard: &[u64], last: u64) -> (u64, u64, u64) {
        let mut tally = Tally::from(1);
        heard.iter().for_each(|&number| tally.record(number));
        let Faults { lost, duplicated, out_of_order } = tally.faults(last);
        assert_eq!(tally.is_complete(last), lost == 0);
        (lost, duplicated, out_of_order)
    }

    #[test]
    fn each_fault_is_told_from_the_others() {
        assert_eq!(faults(&[1, 2, 3], 3), (0, 0, 0));
        assert_eq!(faults(&[1, 3], 4), (2, 0, 0));
        assert_eq!(faults(&[1, 3, 2, 4], 4), (0, 0, 1));
        assert_eq!(faults(&[1, 2, 2, 1, 3], 3), (0, 2, 0));
        assert_eq!(faults(&[], 2), (2, 0, 0));
    }

    #[test]
    fn of_several_publishers_each_has_its_own_order() {
        let mut tally = Tally::of_publishers(3);
        [3, 1, 2, 4, 9, 6].into_iter().for_each(|number| tally.record(number));
        assert_eq!(tally.whole_to(), 4, "5 is due");
        let Faults { lost, duplicated, out_of_order } = tally.faults(9);
        assert_eq!((lost, duplicated, out_of_order), (3, 0, 1), "5, 7 and 8 did not come; 6 came after 9");
        assert!(!tally.is_complete(9));
        [5, 7, 8].into_iter().for_each(|number| tally.record(number));
        assert!(tally.is_complete(9));
        assert_eq!(tally.whole_to(), 9);
    }
}
