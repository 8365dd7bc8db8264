//! Space on mounts, which may never answer: read by the fast part.

use common::{Topic, host::HostId};

use super::probed::Probe;
use crate::hosts::{
    collect::{BackgroundReports, SpaceProbe},
    prober::Prober,
};

impl Probe for SpaceProbe {
    fn through(prober: Prober) -> Self {
        Self::new(prober)
    }

    fn topic(host: &HostId) -> Topic {
        host.metrics_topic()
    }

    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports) {
        apart.space.put(self.round(moves));
    }

    fn pause(&mut self) {
        self.rest();
    }
}
