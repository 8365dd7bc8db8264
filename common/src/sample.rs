//! Samples: all values of one moment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::series::SeriesKey;

/// Numbers by key. All three maps of a [`Sample`] have this one type, so that the page carries the code of one.
pub type Numbers = BTreeMap<SeriesKey, f64>;

/// The values of one moment, by key. What a machine does not have is absent, never zero.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sample {
    /// The time, milliseconds since 1970.
    pub at: u64,
    /// The values, each in its series' unit.
    pub values: Numbers,
    /// The keys that this machine has and that could not be read: since when, in milliseconds since 1970. A mount whose server is
    /// gone stands here under `filesystem.used:/mnt/gone`, a sensor that shows nothing under `temperature:…`. None of them is in
    /// `values`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub no_answer: Numbers,
    /// The number of instances, by series, that were measured and are left out, because there are too many.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: Numbers,
}

impl Sample {
    /// The value of a series or of one instance (`cpu.core:3`).
    #[must_use]
    pub fn value(&self, key: &str) -> Option<f64> {
        self.values.get(key).copied()
    }

    /// Since when each instance of a series has given no answer, milliseconds since 1970, in the order of their names.
    pub fn unanswered<'a>(&'a self, series: &'a str) -> impl Iterator<Item = (&'a str, u64)> {
        instances(&self.no_answer, series).map(|(name, since)| (name, since as u64))
    }

    /// The value of a series; of one with instances, the total that the host gave (each byte once, and those left out with them), or
    /// else the sum of those that were measured.
    #[must_use]
    pub fn total(&self, series: &str) -> Option<f64> {
        let add = |sum: Option<f64>, (_, value)| Some(sum.unwrap_or(0.0) + value);
        self.value(series).or_else(|| self.instances(series).fold(None, add))
    }

    /// The instances of a series with their values, in the order of their names.
    pub fn instances<'a>(&'a self, series: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        instances(&self.values, series)
    }
}

fn instances<'a>(numbers: &'a Numbers, series: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
    numbers
        .range::<str, _>((std::ops::Bound::Included(series), std::ops::Bound::Unbounded))
        .take_while(move |(key, _)| key.as_str().starts_with(series))
        .filter_map(move |(key, &value)| Some((key.as_str().strip_prefix(series)?.strip_prefix(':')?, value)))
}

/// One running program.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its full name, without arguments: data from outside, shown as text only.
    pub name: String,
    /// Share of one core, percent: 100 times [`crate::host::HostInfo::cores`] at the most.
    pub cpu: f64,
    /// Resident memory, bytes.
    pub memory: u64,
    /// The account it runs as: a name, or a number where the machine has no name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Its command line, one space between arguments, at most [`Process::COMMAND_CHARS`] characters, with passwords left out: data
    /// from outside, shown as text only. None where there is none (kernel threads) or it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl Process {
    /// The longest command line, in characters.
    pub const COMMAND_CHARS: usize = 160;
}

/// The busiest and the largest programs of one moment.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Processes {
    /// The time, milliseconds since 1970.
    pub at: u64,
    /// The number of running programs.
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

    #[test]
    fn a_total_that_was_given_wins_over_the_sum_and_is_no_instance() {
        let mut sample = Sample::default();
        sample.values.insert(SeriesKey::instance("net", "eth0"), 3.0);
        sample.values.insert(SeriesKey::instance("net", "docker0"), 2.0);
        assert_eq!(sample.total("net"), Some(5.0));
        sample.values.insert(SeriesKey::of("net"), 3.0);
        assert_eq!(sample.total("net"), Some(3.0));
        assert_eq!(sample.instances("net").count(), 2);
    }

    #[test]
    fn what_is_not_said_is_not_written_and_an_older_sample_is_read() {
        let mut sample = Sample::default();
        assert_eq!(serde_json::to_string(&sample).expect("JSON"), r#"{"at":0,"values":{}}"#);
        sample.no_answer.insert(SeriesKey::instance("filesystem.used", "/mnt/gone"), 1_795_183_406_900.0);
        let text = serde_json::to_string(&sample).expect("JSON");
        let read: Sample = serde_json::from_str(&text).expect(&text);
        let since: Vec<_> = read.unanswered("filesystem.used").collect();
        assert_eq!(since, [("/mnt/gone", 1_795_183_406_900)]);
        let old = r#"{"pid":1,"name":"init","cpu":0,"memory":1}"#;
        assert_eq!(serde_json::from_str::<Process>(old).expect("read").command, None);
    }
}
