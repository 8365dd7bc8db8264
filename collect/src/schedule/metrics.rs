//! CPU, memory and disk space: the fast part.

use std::{sync::Arc, time::Instant};

use common::panel::Tier;

use super::{
    outlet::Outlet,
    sample::sample,
    task::{PeriodicTask, TaskContext},
};
use crate::{
    collectors::{CollectFn, Detail, build, shares},
    parts::Part,
    sink::{Measurement, SampleKind, SampleSink},
    spikes::SpikeWatch,
};

/// Measures the fast tier every round, and publishes what is due.
pub(super) struct MetricsTask {
    sink: Arc<dyn SampleSink>,
    metrics: Outlet,
    /// CPU, memory and disk as three bare numbers, for the simplest of programs.
    bare: Outlet,
    collectors: Vec<CollectFn>,
    spikes: Arc<SpikeWatch>,
}

impl PeriodicTask for MetricsTask {
    fn new(means: &TaskContext, _: &Arc<Part>) -> Self {
        let (fast, slow) = (means.settings.fast, means.settings.slow);
        let outlet = |kind| Outlet::new(&means.sink, kind, fast, [fast, slow]);
        Self {
            sink: Arc::clone(&means.sink),
            metrics: outlet(SampleKind::Metrics),
            bare: outlet(SampleKind::Bare),
            collectors: build(Tier::Fast, &means.apart),
            spikes: Arc::clone(&means.spikes),
        }
    }

    fn round(&mut self, due: Instant) -> bool {
        let bare_is_due = self.bare.is_due(due);
        let in_full = self.metrics.is_due(due);
        let detail = if in_full { Detail::Full } else { Detail::Trends };
        let (sample, _) = sample(&mut self.collectors, detail, self.sink.clock().unix_millis());
        self.spikes.note(&sample, due);
        if bare_is_due {
            self.sink.take(Measurement::Bare(shares(&sample)));
        }
        self.sink.take(Measurement::Metrics { sample, in_full });
        true
    }
}
