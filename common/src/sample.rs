//! Samples: all values of one moment.

use serde::{Deserialize, Serialize};

use crate::series::SeriesValues;

/// The values of one moment, by series. What a machine does not have is absent, never zero. The topic names the host.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sample {
    /// The time, milliseconds since 1970.
    pub at: u64,
    /// The values, each in its metric's unit.
    pub values: SeriesValues,
    /// The series that this machine has and that could not be read: since when, in milliseconds since 1970. A mount whose server is
    /// gone stands here under `filesystem.used`, a sensor that shows nothing under `temperature`. None of them is in `values`.
    #[serde(default, skip_serializing_if = "SeriesValues::is_empty")]
    pub no_answer: SeriesValues,
    /// The number of series, by metric, that were measured and are left out, because there are too many.
    #[serde(default, skip_serializing_if = "SeriesValues::is_empty")]
    pub left_out: SeriesValues,
}

impl Sample {
    /// The value of the series without labels.
    #[must_use]
    pub fn value(&self, metric: &str) -> Option<f64> {
        self.values.get(metric)
    }

    /// The value of a metric: the total that the host gave (each byte once, and what is left out with it), or else the sum of the
    /// series that were measured.
    #[must_use]
    pub fn total(&self, metric: &str) -> Option<f64> {
        let add = |sum: Option<f64>, value: &(_, f64)| Some(sum.unwrap_or(0.0) + value.1);
        self.value(metric).or_else(|| self.values.of(metric).fold(None, add))
    }
}

/// One running program.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its full name, without arguments: data from outside, shown as text only.
    pub name: String,
    /// Share of one core, percent: 100 times the host's number of cores at the most.
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    use crate::series::SeriesKey;

    #[test]
    fn instances_are_those_of_the_named_metric_only() {
        let mut sample = Sample::default();
        for (metric, instance, value) in
            [("cpu.core", "0", 1.0), ("cpu.core", "1", 2.0), ("cpu.cores", "9", 3.0), ("cpu.total", "", 4.0)]
        {
            sample.values.insert(SeriesKey::labelled(metric, instance), value);
        }
        let instances: Vec<_> = sample.values.instances("cpu.core").collect();
        assert_eq!(instances, [("0".to_owned(), 1.0), ("1".to_owned(), 2.0)]);
        assert_eq!(sample.value("cpu.total"), Some(4.0));
        assert_eq!(sample.value("cpu.core"), None);
        assert_eq!(sample.total("cpu.core"), Some(3.0));
        assert_eq!(sample.total("cpu.total"), Some(4.0));
        assert_eq!(sample.total("cpu"), None);
    }

    #[test]
    fn a_total_that_was_given_wins_over_the_sum_and_is_no_instance() {
        let mut sample = Sample::default();
        sample.values.insert(SeriesKey::labelled("net", "eth0"), 3.0);
        sample.values.insert(SeriesKey::labelled("net", "docker0"), 2.0);
        assert_eq!(sample.total("net"), Some(5.0));
        sample.values.insert(SeriesKey::of("net"), 3.0);
        assert_eq!(sample.total("net"), Some(3.0));
        assert_eq!(sample.values.instances("net").count(), 2);
    }

    #[test]
    fn what_is_not_said_is_not_written_and_an_older_sample_is_read() {
        let mut sample = Sample::default();
        assert_eq!(serde_json::to_string(&sample).expect("JSON"), r#"{"at":0,"values":{}}"#);
        sample.no_answer.insert(SeriesKey::labelled("filesystem.used", "/mnt/gone"), 1_795_183_406_900.0);
        let text = serde_json::to_string(&sample).expect("JSON");
        let read: Sample = serde_json::from_str(&text).expect(&text);
        let since: Vec<_> = read.no_answer.instances("filesystem.used").collect();
        assert_eq!(since, [("/mnt/gone".to_owned(), 1_795_183_406_900.0)]);
        let old = r#"{"at":0,"values":{},"no_answer":{"filesystem.used:/mnt/gone":1795183406900}}"#;
        assert_eq!(serde_json::from_str::<Sample>(old).expect("read"), sample);
        let old = r#"{"pid":1,"name":"init","cpu":0,"memory":1}"#;
        assert_eq!(serde_json::from_str::<Process>(old).expect("read").command, None);
    }
}
