//! The interface of the periodic tasks, and the state that they are made from.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    collectors::BackgroundReports,
    parts::Part,
    prober::{Prober, SharedChild},
    settings::CollectorSettings,
    sink::SampleSink,
    spikes::SpikeWatch,
};

/// The shared state that parts are made from.
#[derive(Clone)]
pub(crate) struct TaskContext {
    pub(crate) sink: Arc<dyn SampleSink>,
    pub(crate) apart: BackgroundReports,
    pub(crate) settings: CollectorSettings,
    pub(crate) spikes: Arc<SpikeWatch>,
    /// The child of all probers.
    pub(crate) child: SharedChild,
}

impl TaskContext {
    /// Returns a prober that waits so long for each answer.
    pub(super) fn prober(&self, deadline: Duration) -> Prober {
        Prober::sharing(&self.child, self.settings.prober.clone(), deadline)
    }
}

/// The rounds of one part.
pub(crate) trait PeriodicTask {
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
