//! The addresses for operators: is the server alive, is it ready, what does it do, and for whom.

mod connections;
mod feature;
mod health;
mod metrics;

use axum::routing::{MethodRouter, get};

pub(crate) use feature::FEATURE;
pub(crate) use metrics::LiveMetrics;

/// The path of the liveness probe.
pub(crate) const PROBE: &str = "/healthz";

/// The liveness probe by itself.
pub(crate) fn alive() -> MethodRouter {
    get(health::alive)
}
