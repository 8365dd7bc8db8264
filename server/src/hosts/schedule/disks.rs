//! Space on mounts, which may never answer: measured apart, and read by the fast part from where it is put down.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::{Topic, host::HostId};
use hub::Hub;

use super::{PeriodicTask, TaskContext, system::UNWATCHED};
use crate::hosts::{
    collect::{BackgroundReports, SpaceProbe},
    pace::Pace,
    parts::Part,
    prober::Prober,
};

/// One mount is waited for this long.
const DEADLINE: Duration = Duration::from_secs(2);

/// Asks every mount how full it is, while someone watches and now and then.
pub(super) struct DiskTask {
    apart: BackgroundReports,
    probe: SpaceProbe,
    part: Arc<Part>,
    hub: Hub,
    topic: Topic,
    pace: Pace,
}

impl PeriodicTask for DiskTask {
    fn new(means: &TaskContext, part: &Arc<Part>) -> Self {
        let slow = means.settings.slow;
        Self {
            apart: means.apart.clone(),
            probe: SpaceProbe::new(Prober::new(means.settings.prober.clone(), DEADLINE)),
            part: Arc::clone(part),
            hub: means.hub.clone(),
            topic: HostId::local().metrics_topic(),
            pace: Pace::new(slow, slow, UNWATCHED),
        }
    }

    fn round(&mut self, due: Instant) -> bool {
        let watched = self.hub.subscribers(&self.topic) > 0;
        if !self.pace.is_due(due, watched) {
            return false;
        }
        let part = &self.part;
        let report = self.probe.round(&|| part.moves());
        self.apart.space.put(report);
        if !watched {
            self.probe.rest();
        }
        true
    }
}
