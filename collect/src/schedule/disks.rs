//! Space on mounts, which may never answer: read by the fast part.

use std::sync::Arc;

use broker::Clock;

use super::probed::Probe;
use crate::{
    collectors::{BackgroundReports, SpaceProbe},
    prober::Prober,
    sink::SampleKind,
};

impl Probe for SpaceProbe {
    const KIND: SampleKind = SampleKind::Metrics;

    fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self {
        Self::new(prober, clock)
    }

    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports) {
        apart.space.put(self.round(moves));
    }

    fn pause(&mut self) {
        self.rest();
    }
}
