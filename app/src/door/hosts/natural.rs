//! The order of names as people count: `web-2` comes before `web-10`.

use std::cmp::Ordering;

/// Compares two names, their runs of digits as numbers.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (a, b) = (head(&mut left), head(&mut right));
        let (Some(a), Some(b)) = (a, b) else {
            // Names that are equal but for zeros before a number have an order, too.
            return a.is_some().cmp(&b.is_some()).then_with(|| one.cmp(other));
        };
        let number = |text: &str| {
            let digits = text.trim_start_matches('0');
            text.starts_with(|c: char| c.is_ascii_digit()).then(|| (digits.len(), digits.to_owned()))
        };
        let order = match (number(a), number(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Takes the next run of digits, or the next character.
fn head<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let first = rest.chars().next()?;
    let end = if first.is_ascii_digit() {
        rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    } else {
        first.len_utf8()
    };
    let (head, tail) = rest.split_at(end);
    *rest = tail;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count() {
        let mut names =
            ["web-10", "web-2", "web", "db-1", "web-02", "web-2a", "가2", "가10", "99999999999999999999x"];
        names.sort_by(|a, b| compare(a, b));
        let sorted =
            ["99999999999999999999x", "db-1", "web", "web-02", "web-2", "web-2a", "web-10", "가2", "가10"];
        assert_eq!(names, sorted);
    }
}
