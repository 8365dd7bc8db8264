//! The busiest and the largest programs.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    outlet::Outlet,
    task::{PeriodicTask, TaskContext},
};
use crate::{
    collectors::ProcessTable,
    parts::Part,
    sink::{Measurement, SampleKind, SampleSink},
    spikes::SpikeWatch,
};

/// Programs are the costliest to look at. Unwatched they are visited only so that the next share of CPU has a
/// recent reading to be taken from.
const UNWATCHED: Duration = Duration::from_secs(30);
/// Looking at thousands of programs may take up to one tenth of a core: a round that took long is followed by a longer rest.
const REST: u32 = 10;
/// One program's command line is waited for this long: reading it waits for the lock of the program's memory.
const DEADLINE: Duration = Duration::from_millis(500);

/// A share of CPU tells of a spike where it is taken over no more than this and the rest after a list.
const FRESH: Duration = Duration::from_secs(3);

/// Lists programs at their pace, and at once where a resource runs short.
pub(super) struct ProcessTask {
    sink: Arc<dyn SampleSink>,
    processes: Outlet,
    table: Option<ProcessTable>,
    /// Nothing is looked at before this moment.
    rest_until: Option<Instant>,
    spikes: Arc<SpikeWatch>,
}

impl PeriodicTask for ProcessTask {
    fn new(means: &TaskContext, _: &Arc<Part>) -> Self {
        let (fast, slow) = (means.settings.fast, means.settings.slow);
        let prober = means.prober(DEADLINE);
        Self {
            sink: Arc::clone(&means.sink),
            processes: Outlet::new(&means.sink, SampleKind::Processes, fast, [slow, UNWATCHED]),
            table: ProcessTable::new(prober)
                .inspect_err(|error| tracing::warn!(%error, "no list of programs"))
                .ok(),
            rest_until: None,
            spikes: Arc::clone(&means.spikes),
        }
    }

    fn round(&mut self, due: Instant) -> bool {
        let Some(table) = &mut self.table else { return false };
        if self.rest_until.is_some_and(|until| due < until) {
            return false;
        }
        let (is_due, spikes) = (self.processes.is_due(due), self.spikes.due(due));
        if !is_due && spikes.is_empty() {
            return false;
        }
        let is_fresh = self.rest_until.is_some_and(|until| due <= until + FRESH);
        let began = Instant::now();
        let list = table.list(self.sink.clock().unix_millis());
        self.rest_until = Some(due + began.elapsed() * REST);
        if !self.processes.is_watched(due) {
            table.rest();
        }
        let Some(processes) = list else { return false };
        // Without a recent look before, the next round has the shares.
        for look in spikes.into_iter().filter(|_| is_fresh) {
            self.sink.take(Measurement::Spike(look.spike(&processes)));
            self.spikes.looked(look);
        }
        if is_due {
            self.sink.take(Measurement::Processes(processes));
        }
        is_due
    }
}
