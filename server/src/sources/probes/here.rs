//! A probe that this machine asks.

use std::sync::Arc;

use common::{Topic, host::HostId, probe::ProbeVerdict};
use parking_lot::Mutex;
use store::Source;
use tokio::sync::Semaphore;

use super::{kept::keep, running::Probes, state::ProbeMemory};
use crate::probing::{answer::ProbeAnswer, asking::ProbeAsker};

/// The surroundings of a probe that this machine asks.
pub(super) struct ProbeHere {
    pub(super) row: Source,
    pub(super) topic: Topic,
    pub(super) all: Probes,
    pub(super) memory: Arc<Mutex<ProbeMemory>>,
}

impl ProbeAsker for ProbeHere {
    fn turns(&self) -> &Semaphore {
        &self.all.context().turns
    }

    fn now(&self) -> u64 {
        self.all.context().now()
    }

    fn asks(&self) -> bool {
        let asks = self.all.context().asks();
        if !asks {
            *self.memory.lock() = ProbeMemory::new(ProbeVerdict::Pending, self.now());
        }
        asks
    }

    fn missing_parent(&self) -> Option<String> {
        self.all.missing(self.row.parent)
    }

    fn take(&self, answer: ProbeAnswer) {
        let number = self.row.id.0;
        let news = {
            let mut memory = self.memory.lock();
            memory.take_now(&answer);
            memory.news(number, &self.row.name)
        };
        keep(self.all.context(), &HostId::local(), number, &answer);
        self.all.context().publish(&self.topic, &news);
    }
}
