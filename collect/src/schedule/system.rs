//! Networks, disk activity, load, uptime and temperatures: the slow part.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::panel::Tier;

use super::{
    outlet::Outlet,
    sample::sample,
    task::{PeriodicTask, TaskContext},
};
use crate::{
    collectors::{CollectFn, Detail, build},
    pace::Pace,
    parts::Part,
    sink::{Measurement, SampleKind, SampleSink},
};

/// The slow kinds are measured this often while no one watches, so that a first paint has recent numbers.
pub(super) const UNWATCHED: Duration = Duration::from_secs(10);

/// Measures the slow tier at its pace, and its trends whether anyone watches or not.
pub(super) struct SystemTask {
    sink: Arc<dyn SampleSink>,
    system: Outlet,
    /// When the trends are to be remembered, watched or not.
    rates: Pace,
    collectors: Vec<CollectFn>,
}

impl PeriodicTask for SystemTask {
    fn new(means: &TaskContext, _: &Arc<Part>) -> Self {
        let (fast, slow) = (means.settings.fast, means.settings.slow);
        Self {
            sink: Arc::clone(&means.sink),
            system: Outlet::new(&means.sink, SampleKind::System, fast, [slow, UNWATCHED]),
            rates: Pace::new(fast, slow, slow),
            collectors: build(Tier::Slow, &means.apart),
        }
    }

    fn round(&mut self, due: Instant) -> bool {
        let detail = if self.system.is_due(due) {
            self.rates.take(due);
            Detail::Full
        } else if self.rates.is_due(due, true) {
            Detail::Trends
        } else {
            return false;
        };
        let (sample, names) = sample(&mut self.collectors, detail, self.sink.clock().unix_millis());
        if !self.rates.is_warm() {
            // A rate needs two readings: the first would say that there are no disks and no networks.
            return false;
        }
        self.sink.take(Measurement::System { sample, names, in_full: detail == Detail::Full });
        true
    }
}
