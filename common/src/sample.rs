//! What was measured at one moment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::series::SeriesKey;

/// The values of one moment, by key. What a machine does not have is absent, never zero.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sample {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The values, each in its series' unit.
    pub values: BTreeMap<SeriesKey, f64>,
}

impl Sample {
    /// The value of a series or of one instance (`cpu.core:3`).
    #[must_use]
    pub fn value(&self, key: &str) -> Option<f64> {
        self.values.get(key).copied()
    }

    /// The value of a series; of one with instances, the sum of those that were measured.
    #[must_use]
    pub fn total(&self, series: &str) -> Option<f64> {
        let add = |sum: Option<f64>, (_, value)| Some(sum.unwrap_or(0.0) + value);
        self.value(series).or_else(|| self.instances(series).fold(None, add))
    }

    /// The instances of a series with their values, in the order of their names.
    pub fn instances<'a>(&'a self, series: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        self.values
            .range::<str, _>((std::ops::Bound::Included(series), std::ops::Bound::Unbounded))
            .take_while(move |(key, _)| key.as_str().starts_with(series))
            .filter_map(move |(key, &value)| {
                Some((key.as_str().strip_prefix(series)?.strip_prefix(':')?, value))
            })
    }
}

/// One running program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its name: data from outside, shown as text only.
    pub name: String,
    /// Share of one core, percent: 100 times the number of cores at the most.
    pub cpu: f64,
    /// Resident memory, bytes.
    pub memory: u64,
}

/// The busiest and the largest programs of one moment.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Processes {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// How many programs run in all.
    pub count: usize,
    /// The busiest first.
    pub by_cpu: Vec<Process>,
    /// The largest first.
    pub by_memory: Vec<Process>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_those_of_the_named_series_only() {
        let mut sample = Sample::default();
        for (key, value) in
            [("cpu.core:0", 1.0), ("cpu.core:1", 2.0), ("cpu.cores:9", 3.0), ("cpu.total", 4.0)]
        {
            let (id, instance) = key.split_once(':').unwrap_or((key, ""));
            let key = if instance.is_empty() {
                SeriesKey::of("cpu.total")
            } else {
                SeriesKey::instance(id, instance)
            };
            sample.values.insert(key, value);
        }
        assert_eq!(sample.instances("cpu.core").collect::<Vec<_>>(), [("0", 1.0), ("1", 2.0)]);
        assert_eq!(sample.value("cpu.total"), Some(4.0));
        assert_eq!(sample.value("cpu.core"), None);
        assert_eq!(sample.total("cpu.core"), Some(3.0));
        assert_eq!(sample.total("cpu.total"), Some(4.0));
        assert_eq!(sample.total("cpu"), None);
    }
}
