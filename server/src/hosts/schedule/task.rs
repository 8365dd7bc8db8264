//! The interface of the periodic tasks, and the state that they are made from.

use std::{sync::Arc, time::Instant};

use fanout::Hub;

use crate::hosts::{collect::BackgroundReports, local::LocalHost, parts::Part, settings::CollectorSettings};

/// The shared state that parts are made from.
#[derive(Clone)]
pub(in crate::hosts) struct TaskContext {
    pub(in crate::hosts) hub: Hub,
    pub(in crate::hosts) local: Arc<LocalHost>,
    pub(in crate::hosts) apart: BackgroundReports,
    pub(in crate::hosts) settings: CollectorSettings,
}

/// The rounds of one part.
pub(in crate::hosts) trait PeriodicTask {
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
