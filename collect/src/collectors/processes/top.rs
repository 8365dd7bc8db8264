//! The first few of thousands, without keeping the rest.

use std::cmp::Ordering;

/// Each list has at most this many programs.
const TOP: usize = 8;

/// The greatest by some order, the greatest first.
pub(super) struct Top<T> {
    rows: Vec<T>,
    order: fn(&T, &T) -> Ordering,
}

impl<T> Top<T> {
    /// None yet. `order` puts the greatest first, and no two equal: equal ones keep their rows.
    pub(super) fn new(order: fn(&T, &T) -> Ordering) -> Self {
        Self { rows: Vec::with_capacity(TOP + 1), order }
    }

    /// Takes one in if it is among the first; `row` is only made then.
    pub(super) fn push(&mut self, row: T) {
        let place = self.rows.partition_point(|known| (self.order)(known, &row) == Ordering::Less);
        if place < TOP {
            self.rows.insert(place, row);
            self.rows.truncate(TOP);
        }
    }

    /// The first few.
    pub(super) fn into_rows(self) -> Vec<T> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_are_kept_in_order() {
        let mut top = Top::new(|one: &(u32, u32), other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        for n in 0..100_u32 {
            top.push(((n * 37) % 50, n));
        }
        let rows = top.into_rows();
        assert_eq!(rows.len(), TOP);
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [49, 49, 48, 48, 47, 47, 46, 46]);
        assert!(rows.is_sorted_by(|one, other| one.0 > other.0 || (one.0 == other.0 && one.1 < other.1)));
    }
}
