//! Space on mounts, which may never answer: read by the fast part.

use std::sync::Arc;

use common::{Topic, host::HostId};
use fanout::Clock;

use super::probed::Probe;
use crate::hosts::{
    collect::{BackgroundReports, SpaceProbe},
    prober::Prober,
};

impl Probe for SpaceProbe {
    fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self {
        Self::new(prober, clock)
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
