//! The health of the collector: it has measured something, and every part of it moves.

use std::{fmt::Write, sync::Arc};

use collect::{PartAge, Parts};

use super::watched::WatchedHost;
use crate::feature::{Health, HealthCheck};

/// The collector's share in whether the server is ready.
pub(super) struct LocalHealth {
    pub(super) local: Arc<WatchedHost>,
    pub(super) parts: Parts,
}

impl HealthCheck for LocalHealth {
    fn health(&self) -> Health {
        let ages = self.parts.ages();
        Health { failure: judge(self.local.latest().metrics.is_some(), &ages), details: describe(&ages) }
    }
}

/// Judges the collector, and says in a line why it is not well.
fn judge(measured: bool, ages: &[PartAge]) -> Option<String> {
    let stuck = ages.iter().filter_map(|age| Some((age.name, age.stuck?)));
    let stuck: Vec<String> =
        stuck.map(|(name, stuck)| format!("{name} has stood still for {} s", stuck.as_secs())).collect();
    if !stuck.is_empty() {
        Some(format!("the collector hangs: {}", stuck.join(", ")))
    } else {
        (!measured).then(|| "nothing has been measured yet".to_owned())
    }
}

/// A line for each part.
fn describe(ages: &[PartAge]) -> String {
    let mut text = String::new();
    for age in ages {
        // Writing to a string does not fail.
        let _ = match age.sample {
            Some(sample) => {
                writeln!(text, "{}: last sample {:.1} s ago", age.name, sample.as_secs_f64())
            }
            None => writeln!(text, "{}: no sample yet", age.name),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_part_that_hangs_is_named_and_the_ages_of_all_are_told() {
        let well = PartAge { name: "metrics", sample: Some(Duration::from_millis(240)), stuck: None };
        let hangs = PartAge { name: "disks", sample: None, stuck: Some(Duration::from_secs(14)) };
        assert_eq!(judge(true, &[well]), None);
        assert_eq!(judge(false, &[well]).as_deref(), Some("nothing has been measured yet"));
        let verdict = judge(true, &[well, hangs]);
        assert_eq!(verdict.as_deref(), Some("the collector hangs: disks has stood still for 14 s"));
        assert_eq!(describe(&[well, hangs]), "metrics: last sample 0.2 s ago\ndisks: no sample yet\n");
    }
}
