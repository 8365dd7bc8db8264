//! The health of disks, asked seldom and in no hurry.

use std::{sync::Arc, time::Duration};

use broker::Clock;

use super::probed::Probe;
use crate::{
    collectors::{BackgroundReports, SmartProbe},
    prober::Prober,
    sink::SampleKind,
};

/// Rounds come this often; the probe asks in one of ten.
pub(super) const EVERY: Duration = Duration::from_secs(60);

impl Probe for SmartProbe {
    const KIND: SampleKind = SampleKind::System;

    fn new(_: Prober, clock: Arc<dyn Clock>) -> Self {
        Self::new(clock)
    }

    fn measure(&mut self, moves: &dyn Fn(), apart: &BackgroundReports) {
        apart.smart.put(self.round(moves));
    }

    /// No process is kept between rounds.
    fn pause(&mut self) {}
}
