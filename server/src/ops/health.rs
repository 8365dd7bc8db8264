//! Liveness and readiness.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use broker::BrokerHealth;
use fanout::Hub;

use crate::{
    access::Caller,
    feature::{Health, HealthCheck},
};

/// The state of `/readyz`; cheap to clone.
#[derive(Clone)]
pub(super) struct Readiness {
    pub(super) hub: Hub,
    /// The checks of all features.
    pub(super) checks: Arc<[Arc<dyn HealthCheck>]>,
}

/// 200 as long as the process answers at all.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 once there are numbers to show, as long as the disk takes what is published and every feature is well (every part of the
/// collector moves); otherwise 503, and why. Below stand the features' own lines: how old the last sample of each part is.
pub(super) async fn ready(State(readiness): State<Readiness>, caller: Caller) -> (StatusCode, String) {
    let BrokerHealth { failure, details } = readiness.hub.broker().health();
    let log = Health { failure, details };
    let (status, told) =
        judge(std::iter::once(log).chain(readiness.checks.iter().map(|check| check.health())));
    // The lines name disks and servers: they are for whoever may read figures.
    match caller.may_read_figures() {
        true => (status, told),
        false if status.is_success() => (status, "ready\n".to_owned()),
        false => (status, "not ready\n".to_owned()),
    }
}

/// Judges by all checks: the first line is the first failure, or `ready`.
fn judge(checks: impl Iterator<Item = Health>) -> (StatusCode, String) {
    let (mut verdict, mut details) = (None, String::new());
    for Health { failure, details: lines } in checks {
        verdict = verdict.or(failure);
        details.push_str(&lines);
    }
    match verdict {
        None => (StatusCode::OK, format!("ready\n{details}")),
        Some(failure) => (StatusCode::SERVICE_UNAVAILABLE, format!("{failure}\n{details}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_the_verdict_and_all_details_are_told() {
        let check = |failure: Option<&str>, details: &str| Health {
            failure: failure.map(str::to_owned),
            details: details.to_owned(),
        };
        let well = || check(None, "metrics: last sample 0.2 s ago\n");
        assert_eq!(
            judge([well()].into_iter()),
            (StatusCode::OK, "ready\nmetrics: last sample 0.2 s ago\n".to_owned())
        );
        let failed = [well(), check(Some("one"), "a\n"), check(Some("two"), "b\n")];
        assert_eq!(
            judge(failed.into_iter()),
            (StatusCode::SERVICE_UNAVAILABLE, "one\nmetrics: last sample 0.2 s ago\na\nb\n".to_owned())
        );
    }
}
