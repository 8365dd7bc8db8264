//! Sorting for all lists of the page: the standard library's sort takes four kilobytes of code for each kind of item.

use std::cmp::Ordering;

/// Returns the places of `count` items in ascending order; `compare` is given two places. Those that are equal stay as they
/// stand.
pub(crate) fn ascending(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}
