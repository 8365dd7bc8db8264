//! CPU, memory and disk space: the fast part.

use std::{sync::Arc, time::Instant};

use common::{Sample, panel::Tier};

use super::{
    sample::sample,
    task::{PeriodicTask, TaskContext},
};
use crate::hosts::{
    collect::{CollectFn, Detail, SHARES, build},
    local::LocalHost,
    parts::Part,
    publisher::Publisher,
};

/// Measures the fast tier every round, and publishes what is due.
pub(super) struct MetricsTask {
    local: Arc<LocalHost>,
    metrics: Publisher,
    /// CPU, memory and disk as three bare numbers, for the simplest of programs.
    bare: Publisher,
    collectors: Vec<CollectFn>,
}

impl PeriodicTask for MetricsTask {
    fn new(means: &TaskContext, _: &Arc<Part>) -> Self {
        let (fast, slow) = (means.settings.fast, means.settings.slow);
        let host = &means.local.info().id;
        let publisher = |topic| Publisher::new(means.hub.clone(), topic, fast, [fast, slow]);
        Self {
            local: Arc::clone(&means.local),
            metrics: publisher(host.metrics_topic()),
            bare: publisher(host.bare_topic()),
            collectors: build(Tier::Fast, &means.apart),
        }
    }

    fn round(&mut self, due: Instant) -> bool {
        let bare_is_due = self.bare.is_due(due);
        let in_full = self.metrics.is_due(due);
        let detail = if in_full { Detail::Full } else { Detail::Trends };
        let (sample, _) = sample(&mut self.collectors, detail, self.local.now_ms());
        self.local.remember_shares(&sample);
        if bare_is_due {
            self.bare.publish(Publisher::encode(&CpuMemDiskPayload::of(&sample)));
        }
        if in_full {
            let encoded = Publisher::encode(&sample);
            // Kept before it is published: whoever is told that it is there finds it.
            self.local.keep_metrics(sample);
            self.metrics.publish(encoded);
        }
        true
    }
}

/// The payload of the notes that this project began from: `{"data":[cpu,mem,disk]}`, percent, `null` for unknown.
#[derive(serde::Serialize)]
struct CpuMemDiskPayload {
    data: [Option<f64>; 3],
}

impl CpuMemDiskPayload {
    fn of(sample: &Sample) -> Self {
        Self { data: SHARES.map(|metric| sample.value(metric.id)) }
    }
}
