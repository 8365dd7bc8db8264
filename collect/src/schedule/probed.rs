//! A part whose sources may never answer: it is measured apart, and read by another part from where it is put down.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;

use super::{
    system::UNWATCHED,
    task::{PeriodicTask, TaskContext},
};
use crate::{
    collectors::BackgroundReports,
    pace::Pace,
    parts::Part,
    prober::Prober,
    sink::{SampleKind, SampleSink},
};

/// One source is waited for this long.
const DEADLINE: Duration = Duration::from_secs(2);

/// A probe asks the sources of one kind.
pub(super) trait Probe {
    /// The kind whose watchers see its measurements.
    const KIND: SampleKind;

    /// Makes one that asks through `prober`; `clock` says since when a source is silent.
    fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self;
    /// Asks every source, and puts what they say down. `moves` is called after each: the part lives.
    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports);
    /// Nobody watches: it needs no process until the next round.
    fn pause(&mut self);
}

/// Asks every source of a probe, while someone watches and now and then.
pub(super) struct ProbeRounds<P> {
    apart: BackgroundReports,
    probe: P,
    part: Arc<Part>,
    sink: Arc<dyn SampleSink>,
    pace: Pace,
}

impl<P: Probe> PeriodicTask for ProbeRounds<P> {
    fn new(means: &TaskContext, part: &Arc<Part>) -> Self {
        let slow = means.settings.slow;
        let prober = means.prober(DEADLINE);
        Self {
            apart: means.apart.clone(),
            probe: P::new(prober, Arc::clone(means.sink.clock())),
            part: Arc::clone(part),
            sink: Arc::clone(&means.sink),
            pace: Pace::new(slow, slow, UNWATCHED),
        }
    }

    fn round(&mut self, due: Instant) -> bool {
        let watched = self.sink.is_watched(P::KIND, due);
        if !self.pace.is_due(due, watched) {
            return false;
        }
        let part = &self.part;
        self.probe.measure(&|| part.moves(), &self.apart);
        if !watched {
            self.probe.pause();
        }
        true
    }
}
