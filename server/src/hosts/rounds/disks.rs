//! Space on mounts, which may never answer: measured apart, and read by the fast part from where it is put down.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Means, Rounds};
use crate::hosts::{
    collect::{Apart, SpaceProbe},
    parts::Part,
    prober::Prober,
};

/// How long one mount is waited for.
const DEADLINE: Duration = Duration::from_secs(2);

/// Asks every mount how full it is.
pub(super) struct DiskRounds {
    apart: Apart,
    probe: SpaceProbe,
    part: Arc<Part>,
}

impl Rounds for DiskRounds {
    fn new(means: &Means, part: &Arc<Part>) -> Self {
        let prober = Prober::new(means.settings.prober.clone(), DEADLINE);
        Self { apart: means.apart.clone(), probe: SpaceProbe::new(prober), part: Arc::clone(part) }
    }

    fn round(&mut self, _: Instant) -> bool {
        let part = &self.part;
        let report = self.probe.round(&|| part.moves());
        self.apart.space.put(report);
        true
    }
}
