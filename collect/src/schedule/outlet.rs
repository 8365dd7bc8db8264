//! One kind of measurement: when it is due.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    pace::Pace,
    sink::{SampleKind, SampleSink},
};

/// A kind with its pace.
pub(super) struct Outlet {
    sink: Arc<dyn SampleSink>,
    kind: SampleKind,
    pace: Pace,
}

impl Outlet {
    /// An outlet whose rounds come every `round`, with an interval for when someone watches and one for when no one does.
    pub(super) fn new(
        sink: &Arc<dyn SampleSink>,
        kind: SampleKind,
        round: Duration,
        [watched, unwatched]: [Duration; 2],
    ) -> Self {
        Self { sink: Arc::clone(sink), kind, pace: Pace::new(round, watched, unwatched) }
    }

    /// Returns true if someone watches the kind.
    pub(super) fn is_watched(&self, now: Instant) -> bool {
        self.sink.is_watched(self.kind, now)
    }

    /// Returns true if a measurement is due to be told, and then counts it as done.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let watched = self.is_watched(now);
        self.pace.is_due(now, watched)
    }
}
