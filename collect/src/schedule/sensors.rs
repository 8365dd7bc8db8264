//! Temperatures, whose sensors may never answer: read by the slow part.

use std::sync::Arc;

use broker::Clock;

use super::probed::Probe;
use crate::{
    collectors::{BackgroundReports, SensorProbe},
    prober::Prober,
    sink::SampleKind,
};

impl Probe for SensorProbe {
    const KIND: SampleKind = SampleKind::System;

    fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self {
        Self::new(prober, clock)
    }

    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports) {
        apart.sensors.put(self.round(moves));
    }

    fn pause(&mut self) {
        self.rest();
    }
}
