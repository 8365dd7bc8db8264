//! The order in which a wall shows dashboards.

/// The dashboards in the order of their turns after this one's, which has the last: of `of` or, where that is empty, of all. Those that were
/// removed have no turn, and behind one that was removed the wall goes on where it had its place.
pub(super) fn turns(all: &[u64], of: &[u64], current: u64) -> Vec<u64> {
    let order = if of.is_empty() { all } else { of };
    let behind = order.iter().position(|id| *id == current).map_or(0, |place| place + 1);
    let (before, after) = order.split_at(behind);
    after.iter().chain(before).copied().filter(|id| all.contains(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_turn_and_those_that_are_gone_have_none() {
        let all = [3, 1, 2];
        let next = |all: &[u64], of: &[u64], current| turns(all, of, current).first().copied();
        assert_eq!([3, 1, 2].map(|id| next(&all, &[], id)), [Some(1), Some(2), Some(3)]);
        assert_eq!(next(&all, &[], 9), Some(3), "one that is gone is followed by the first");
        assert_eq!(next(&all, &[2, 9, 3], 2), Some(3));
        assert_eq!(next(&all, &[2, 9, 3], 9), Some(3), "its place is known still");
        assert_eq!(turns(&all, &[], 1), [2, 3, 1], "its own turn is the last");
        assert_eq!((next(&all, &[9], 9), next(&[], &[], 0), next(&[5], &[], 5)), (None, None, Some(5)));
    }
}
