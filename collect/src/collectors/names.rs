//! Names for things of one kind that must be told apart.

use std::collections::{HashMap, HashSet};

use super::shown;

/// A thing to be named.
#[derive(Debug, Clone)]
pub(super) struct NameCandidate<'a> {
    /// The name for people; several things may share it.
    pub(super) label: &'a std::ffi::OsStr,
    /// The unique identity: a device's number or path.
    pub(super) identity: &'a str,
}

/// A name for each, in the given order: its label as it may be shown, with what it is known by where labels, or what can be shown of
/// them, are equal.
pub(super) fn distinct(things: &[NameCandidate<'_>]) -> Vec<String> {
    let labels: Vec<String> = things.iter().map(|thing| shown(thing.label)).collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for label in &labels {
        *count.entry(label).or_default() += 1;
    }
    let mut taken = HashSet::new();
    let mut name = |label: &str, identity: &str| {
        let name = match (count.get(label), label) {
            (Some(1), label) if !label.is_empty() => label.to_owned(),
            (_, "") => identity.to_owned(),
            _ => format!("{label} ({identity})"),
        };
        let others = (2..).map(|n| format!("{name} #{n}"));
        let free = std::iter::once(name.clone()).chain(others).find(|name| !taken.contains(name));
        let name = free.unwrap_or(name);
        taken.insert(name.clone());
        name
    };
    labels.iter().zip(things).map(|(label, thing)| name(label, thing.identity)).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn names(things: &[(&str, &str)]) -> Vec<String> {
        let things: Vec<_> = things
            .iter()
            .map(|(label, identity)| NameCandidate { label: OsStr::new(label), identity })
            .collect();
        distinct(&things)
    }

    #[test]
    fn equal_labels_are_told_apart_and_none_is_nameless() {
        assert_eq!(names(&[("Core 0", "a"), ("Core 1", "a")]), ["Core 0", "Core 1"]);
        assert_eq!(names(&[("Core 0", "cpu.0"), ("Core 0", "cpu.1")]), ["Core 0 (cpu.0)", "Core 0 (cpu.1)"]);
        assert_eq!(names(&[("", "zone0"), ("", "zone1")]), ["zone0", "zone1"]);
        assert_eq!(names(&[("x", "same"), ("x", "same")]), ["x (same)", "x (same) #2"]);
    }

    #[test]
    fn names_that_only_differ_where_they_are_cut_are_told_apart() {
        let long = "/srv/".to_owned() + &"x".repeat(100);
        let names = names(&[(&(long.clone() + "1"), "8:1"), (&(long + "2"), "8:2")]);
        assert_ne!(names[0], names[1]);
    }
}
