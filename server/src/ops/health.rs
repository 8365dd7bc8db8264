//! Liveness and readiness.

use std::{fmt::Write, time::Duration};

use axum::{extract::State, http::StatusCode};

use crate::{hosts::PartAge, state::App};

/// A disk that takes longer over something stands still.
const SILENT: Duration = Duration::from_secs(5);

/// 200 as long as the process answers at all.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 once there are numbers to show, as long as every part of the collector moves and the disk takes what is published; otherwise 503,
/// and why. Below stands how old the last sample of each part is.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, String) {
    if let Some(silent) = app.live.hub.disk_stalled_for().filter(|silent| *silent >= SILENT) {
        let told =
            format!("the disk has not answered for {} s: what is published there waits\n", silent.as_secs());
        return (StatusCode::SERVICE_UNAVAILABLE, told);
    }
    if let Some(failed) = app.live.hub.disk_error() {
        let told = format!("the disk failed ({failed}): nothing is stored until a restart\n");
        (StatusCode::SERVICE_UNAVAILABLE, told)
    } else {
        let ages = app.host.ages();
        let (status, verdict) = judge(app.host.latest().metrics.is_some(), &ages);
        (status, format!("{verdict}\n{}", describe(&ages)))
    }
}

/// Judges the collector, and says in a line why it is not well.
fn judge(measured: bool, ages: &[PartAge]) -> (StatusCode, String) {
    let stuck = ages.iter().filter_map(|age| Some((age.name, age.stuck?)));
    let stuck: Vec<String> =
        stuck.map(|(name, stuck)| format!("{name} has stood still for {} s", stuck.as_secs())).collect();
    if !stuck.is_empty() {
        (StatusCode::SERVICE_UNAVAILABLE, format!("the collector hangs: {}", stuck.join(", ")))
    } else if measured {
        (StatusCode::OK, "ready".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "nothing has been measured yet".to_owned())
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
        assert_eq!(judge(true, &[well]), (StatusCode::OK, "ready".to_owned()));
        assert_eq!(judge(false, &[well]).0, StatusCode::SERVICE_UNAVAILABLE);
        let (status, verdict) = judge(true, &[well, hangs]);
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(verdict, "the collector hangs: disks has stood still for 14 s");
        assert_eq!(describe(&[well, hangs]), "metrics: last sample 0.2 s ago\ndisks: no sample yet\n");
    }
}
