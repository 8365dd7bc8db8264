//! Checks that one subscriber receives every publication once and in order.

use std::{collections::BTreeSet, ops::AddAssign};

/// The publications that one subscriber received.
#[derive(Debug)]
pub(crate) struct Tally {
    /// The number that is due.
    next: u64,
    /// Numbers that were passed over, and may still come.
    missing: BTreeSet<u64>,
    heard: u64,
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
    /// For a subscriber that comes before publication number `next`.
    pub(crate) fn from(next: u64) -> Self {
        Self { next, missing: BTreeSet::new(), heard: 0, duplicated: 0, out_of_order: 0 }
    }

    /// Counts publication `number`.
    pub(crate) fn record(&mut self, number: u64) {
        self.heard += 1;
        if number >= self.next {
            self.missing.extend(self.next..number);
            self.next = number + 1;
        } else if self.missing.remove(&number) {
            self.out_of_order += 1;
        } else {
            self.duplicated += 1;
        }
    }

    /// Returns the number of received publications.
    pub(crate) fn received(&self) -> u64 {
        self.heard
    }

    /// The last publication up to which it has heard all.
    pub(crate) fn whole_to(&self) -> u64 {
        self.missing.first().copied().unwrap_or(self.next).saturating_sub(1)
    }

    /// Returns true if all publications up to and with `last` were received.
    pub(crate) fn is_complete(&self, last: u64) -> bool {
        self.next > last && self.missing.is_empty()
    }

    /// Counts the faults, given that `last` was the last publication.
    pub(crate) fn faults(&self, last: u64) -> Faults {
        let unheard = (last + 1).saturating_sub(self.next);
        Faults {
            lost: self.missing.len() as u64 + unheard,
            duplicated: self.duplicated,
            out_of_order: self.out_of_order,
        }
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
}
