//! Networks, disk activity, load, uptime and temperatures: the slow part.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::panel::Tier;

use super::{
    sample::sample,
    task::{PeriodicTask, TaskContext},
};
use crate::hosts::{
    collect::{CollectFn, Detail, build},
    local::LocalHost,
    pace::Pace,
    parts::Part,
    publisher::Publisher,
};

/// The slow kinds are measured this often while no one watches, so that a first paint has recent numbers.
pub(super) const UNWATCHED: Duration = Duration::from_secs(10);

/// Measures the slow tier at its pace, and its trends whether anyone watches or not.
pub(super) struct SystemTask {
    local: Arc<LocalHost>,
    system: Publisher,
    /// When the trends are to be remembered, watched or not.
    rates: Pace,
    collectors: Vec<CollectFn>,
}

impl PeriodicTask for SystemTask {
    fn new(means: &TaskContext, _: &Arc<Part>) -> Self {
        let (fast, slow) = (means.settings.fast, means.settings.slow);
        let topic = means.local.info().id.system_topic();
        Self {
            local: Arc::clone(&means.local),
            system: Publisher::new(means.hub.clone(), topic, fast, [slow, UNWATCHED]),
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
        let (sample, names) = sample(&mut self.collectors, detail, self.local.now_ms());
        if !self.rates.is_warm() {
            // A rate needs two readings: the first would say that there are no disks and no networks.
            return false;
        }
        self.local.remember_rates(&sample);
        if detail == Detail::Full {
            let encoded = Publisher::encode(&sample);
            self.local.keep_system(sample, names);
            self.system.publish(encoded);
        }
        true
    }
}
