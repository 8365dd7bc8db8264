//! Status codes that count as up.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A list of status codes and ranges of them: in serde's formats numbers and texts such as `[204, "301-302"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedStatus(Vec<RangeInclusive<u16>>);

/// The reason why a list of status codes is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// An entry is neither a status code nor a range of them.
    #[error("`{0}` is no status code from 100 to 599 and no range such as 200-299.")]
    BadEntry(String),
    /// The list has no entry.
    #[error("The list of expected status codes is empty.")]
    Empty,
    /// The list has more entries than anyone needs.
    #[error("The list of expected status codes has more than {MAX_ENTRIES} entries.")]
    TooMany,
}

/// The most entries of a list.
const MAX_ENTRIES: usize = 50;

impl ExpectedStatus {
    /// Makes a list of ranges.
    ///
    /// # Errors
    /// When the list is empty or very long, or a range is empty or beyond 100 to 599.
    pub fn new(ranges: Vec<RangeInclusive<u16>>) -> Result<Self, StatusError> {
        if ranges.is_empty() {
            return Err(StatusError::Empty);
        }
        if ranges.len() > MAX_ENTRIES {
            return Err(StatusError::TooMany);
        }
        let is_status = |status: &u16| (100..=599).contains(status);
        match ranges
            .iter()
            .find(|range| range.is_empty() || !is_status(range.start()) || !is_status(range.end()))
        {
            Some(range) => Err(StatusError::BadEntry(text(range))),
            None => Ok(Self(ranges)),
        }
    }

    /// Says that a status code counts as up.
    #[must_use]
    pub fn contains(&self, status: u16) -> bool {
        self.0.iter().any(|range| range.contains(&status))
    }
}

impl Default for ExpectedStatus {
    fn default() -> Self {
        Self(vec![200..=399])
    }
}

fn text(range: &RangeInclusive<u16>) -> String {
    if range.start() == range.end() {
        range.start().to_string()
    } else {
        format!("{}-{}", range.start(), range.end())
    }
}

/// It displays as people write it: `204, 301-302`.
impl fmt::Display for ExpectedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(text).collect::<Vec<_>>().join(", "))
    }
}

impl FromStr for ExpectedStatus {
    type Err = StatusError;

    /// Reads entries between commas: `204, 301-302`.
    fn from_str(list: &str) -> Result<Self, StatusError> {
        if list.trim().is_empty() {
            return Err(StatusError::Empty);
        }
        Self::new(list.split(',').map(range_of).collect::<Result<_, _>>()?)
    }
}

fn range_of(entry: &str) -> Result<RangeInclusive<u16>, StatusError> {
    let (start, end) = entry.split_once('-').unwrap_or((entry, entry));
    match (start.trim().parse(), end.trim().parse()) {
        (Ok(start), Ok(end)) => Ok(start..=end),
        _ => Err(StatusError::BadEntry(entry.trim().chars().take(40).collect())),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StatusEntry {
    Code(u16),
    Range(String),
}

impl Serialize for ExpectedStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|range| {
            if range.start() == range.end() {
                StatusEntry::Code(*range.start())
            } else {
                StatusEntry::Range(text(range))
            }
        }))
    }
}

impl<'de> Deserialize<'de> for ExpectedStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ranges = Vec::<StatusEntry>::deserialize(deserializer)?
            .iter()
            .map(|entry| match entry {
                StatusEntry::Code(status) => Ok(*status..=*status),
                StatusEntry::Range(text) => range_of(text),
            })
            .collect::<Result<_, _>>()
            .map_err(D::Error::custom)?;
        Self::new(ranges).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{ExpectedStatus, StatusError};

    #[test]
    fn numbers_and_ranges_stand_in_one_list() {
        let list: ExpectedStatus = serde_json::from_str(r#"[204, "301-302", "418"]"#).expect("a list");
        for (status, is_expected) in
            [(204, true), (205, false), (301, true), (302, true), (303, false), (418, true)]
        {
            assert_eq!(list.contains(status), is_expected, "{status}");
        }
        assert_eq!(serde_json::to_string(&list).expect("JSON"), r#"[204,"301-302",418]"#);
        assert_eq!(list.to_string().parse(), Ok(list));
    }

    #[test]
    fn the_usual_list_is_success_and_redirects() {
        assert_eq!(ExpectedStatus::default().to_string(), "200-399");
    }

    #[test]
    fn a_list_that_means_nothing_is_refused() {
        for list in ["99", "600", "300-200", "2xx", "-", "200-", "1-2-3", ",", "70000"] {
            assert!(matches!(list.parse::<ExpectedStatus>(), Err(StatusError::BadEntry(_))), "{list}");
        }
        assert_eq!(" ".parse::<ExpectedStatus>(), Err(StatusError::Empty));
        assert!(serde_json::from_str::<ExpectedStatus>("[]").is_err());
        assert_eq!(vec!["200"; 51].join(",").parse::<ExpectedStatus>(), Err(StatusError::TooMany));
    }
}
