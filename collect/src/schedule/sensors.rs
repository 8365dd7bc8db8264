//! Temperatures, fans and graphics cards, which may never answer: read by the slow part.

use std::sync::Arc;

use broker::Clock;

use super::probed::Probe;
use crate::{
    collectors::{BackgroundReports, FanProbe, GpuProbe, SensorProbe},
    prober::Prober,
    sink::SampleKind,
};

/// Asks them all through one prober.
pub(super) struct HardwareProbe {
    prober: Prober,
    sensors: SensorProbe,
    fans: FanProbe,
    gpus: GpuProbe,
}

impl Probe for HardwareProbe {
    const KIND: SampleKind = SampleKind::System;

    fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self {
        Self {
            prober,
            sensors: SensorProbe::new(Arc::clone(&clock)),
            fans: FanProbe::new(Arc::clone(&clock)),
            gpus: GpuProbe::new(clock),
        }
    }

    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports) {
        let Self { prober, sensors, fans, gpus } = self;
        apart.sensors.put(sensors.round(prober, moves));
        apart.fans.put(fans.round(prober, moves));
        apart.gpus.put(gpus.round(prober, moves));
        prober.retain(|path| sensors.asks(path) || fans.asks(path) || gpus.asks(path));
    }

    fn pause(&mut self) {
        self.prober.rest();
    }
}
