//! The periodic task of each part of the collector: it collects, stores and publishes the values that are due.

mod disks;
mod metrics;
mod outlet;
mod probed;
mod processes;
mod sample;
mod sensors;
mod services;
mod smart;
mod system;
mod task;

use std::{sync::Arc, time::Duration};

use probed::ProbeRounds;
use sensors::HardwareProbe;
use services::ServiceProbe;

pub(crate) use task::{PeriodicTask, TaskContext};

use crate::{
    collectors::{SmartProbe, SpaceProbe},
    parts::Part,
    settings::CollectorSettings,
};

/// The parts of the collector. Each runs in a thread of its own.
pub(crate) const PARTS: [TaskSpec; 7] = [
    TaskSpec { part: "disks", interval: |settings| settings.slow, build: boxed::<ProbeRounds<SpaceProbe>> },
    TaskSpec {
        part: "sensors",
        interval: |settings| settings.slow,
        build: boxed::<ProbeRounds<HardwareProbe>>,
    },
    TaskSpec {
        part: "services",
        interval: |settings| settings.slow,
        build: boxed::<ProbeRounds<ServiceProbe>>,
    },
    TaskSpec { part: "smart", interval: |_| smart::EVERY, build: boxed::<ProbeRounds<SmartProbe>> },
    TaskSpec { part: "metrics", interval: |settings| settings.fast, build: boxed::<metrics::MetricsTask> },
    TaskSpec { part: "system", interval: |settings| settings.fast, build: boxed::<system::SystemTask> },
    TaskSpec {
        part: "processes",
        interval: |settings| settings.fast,
        build: boxed::<processes::ProcessTask>,
    },
];

/// The constructor and the interval of one part.
pub(crate) struct TaskSpec {
    /// The part's name for operators.
    pub(crate) part: &'static str,
    pub(crate) interval: fn(&CollectorSettings) -> Duration,
    /// Called in the part's own thread: to make ready may hang as well.
    pub(crate) build: fn(&TaskContext, &Arc<Part>) -> Box<dyn PeriodicTask>,
}

fn boxed<R: PeriodicTask + 'static>(means: &TaskContext, part: &Arc<Part>) -> Box<dyn PeriodicTask> {
    Box::new(R::new(means, part))
}
