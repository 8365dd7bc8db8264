//! Sockets by state and units of systemd: counts that may take long.

use std::sync::Arc;

use broker::Clock;

use super::probed::Probe;
use crate::{
    collectors::{BackgroundReports, SocketProbe, UnitProbe},
    prober::Prober,
    sink::SampleKind,
};

/// Counts both.
pub(super) struct ServiceProbe {
    sockets: SocketProbe,
    units: UnitProbe,
}

impl Probe for ServiceProbe {
    const KIND: SampleKind = SampleKind::System;

    fn new(_: Prober, clock: Arc<dyn Clock>) -> Self {
        Self { sockets: SocketProbe::new(), units: UnitProbe::new(clock) }
    }

    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports) {
        apart.sockets.put(self.sockets.round());
        moves();
        apart.units.put(self.units.round(moves));
    }

    /// No process is kept between rounds.
    fn pause(&mut self) {}
}
