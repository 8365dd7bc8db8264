//! The periodic task of each part of the collector: it collects, stores and publishes the values that are due.

mod disks;
mod metrics;
mod probed;
mod processes;
mod sensors;
mod system;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::Sample;
use hub::Hub;

use probed::ProbeRounds;

use super::{
    collect::{BackgroundReports, CollectFn, Detail, Readings, SensorProbe, SpaceProbe},
    local::{LocalHost, unix_millis},
    parts::Part,
    settings::CollectorSettings,
};

/// The parts of the collector. Each runs in a thread of its own.
pub(super) const PARTS: [TaskSpec; 5] = [
    TaskSpec { part: "disks", interval: |settings| settings.slow, build: boxed::<ProbeRounds<SpaceProbe>> },
    TaskSpec {
        part: "sensors",
        interval: |settings| settings.slow,
        build: boxed::<ProbeRounds<SensorProbe>>,
    },
    TaskSpec { part: "metrics", interval: |settings| settings.fast, build: boxed::<metrics::MetricsTask> },
    TaskSpec { part: "system", interval: |settings| settings.fast, build: boxed::<system::SystemTask> },
    TaskSpec {
        part: "processes",
        interval: |settings| settings.fast,
        build: boxed::<processes::ProcessTask>,
    },
];

/// The constructor and the interval of one part.
pub(super) struct TaskSpec {
    /// The part's name for operators.
    pub(super) part: &'static str,
    pub(super) interval: fn(&CollectorSettings) -> Duration,
    /// Called in the part's own thread: to make ready may hang as well.
    pub(super) build: fn(&TaskContext, &Arc<Part>) -> Box<dyn PeriodicTask>,
}

/// The shared state that parts are made from.
#[derive(Clone)]
pub(super) struct TaskContext {
    pub(super) hub: Hub,
    pub(super) local: Arc<LocalHost>,
    pub(super) apart: BackgroundReports,
    pub(super) settings: CollectorSettings,
}

/// The rounds of one part.
pub(super) trait PeriodicTask {
    /// Makes ready.
    fn new(means: &TaskContext, part: &Arc<Part>) -> Self
    where
        Self: Sized;

    /// One round. `due` is the moment for which it was planned: intervals are kept by it. What was measured goes by the clock at
    /// the moment of measuring.
    ///
    /// Says whether something was measured.
    fn round(&mut self, due: Instant) -> bool;
}

fn boxed<R: PeriodicTask + 'static>(means: &TaskContext, part: &Arc<Part>) -> Box<dyn PeriodicTask> {
    Box::new(R::new(means, part))
}

fn sample(collectors: &mut [CollectFn], detail: Detail) -> Sample {
    let mut readings = Readings::new(unix_millis(), detail);
    for collect in collectors {
        collect(&mut readings);
    }
    readings.into_sample()
}
