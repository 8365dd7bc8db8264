//! Temperatures, whose sensors may never answer: read by the slow part.

use std::sync::Arc;

use common::{Topic, host::HostId};
use fanout::Clock;

use super::probed::Probe;
use crate::hosts::{
    collect::{BackgroundReports, SensorProbe},
    prober::Prober,
};

impl Probe for SensorProbe {
    fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self {
        Self::new(prober, clock)
    }

    fn topic(host: &HostId) -> Topic {
        host.system_topic()
    }

    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports) {
        apart.sensors.put(self.round(moves));
    }

    fn pause(&mut self) {
        self.rest();
    }
}
