//! A probe that this machine asks.

use std::sync::Arc;

use common::{Topic, host::HostId, probe::ProbeVerdict};
use parking_lot::Mutex;
use store::Source;
use tokio::sync::Semaphore;

use super::{kept::keep, parent::MissingParent, state::ProbeMemory};
use crate::{
    probing::{answer::ProbeAnswer, asking::ProbeAsker},
    sources::context::SourceContext,
};

/// The surroundings of a probe that this machine asks.
pub(super) struct ProbeHere {
    pub(super) row: Source,
    pub(super) topic: Topic,
    pub(super) context: SourceContext,
    pub(super) parent: MissingParent,
    pub(super) memory: Arc<Mutex<ProbeMemory>>,
}

impl ProbeAsker for ProbeHere {
    fn turns(&self) -> &Semaphore {
        &self.context.turns
    }

    fn now(&self) -> u64 {
        self.context.now()
    }

    fn asks(&self) -> bool {
        let asks = self.context.asks();
        if !asks {
            *self.memory.lock() = ProbeMemory::new(ProbeVerdict::Pending, self.now());
        }
        asks
    }

    fn missing_parent(&self) -> Option<String> {
        (self.parent)()
    }

    fn take(&self, answer: ProbeAnswer) {
        let number = self.row.id.0;
        let news = {
            let mut memory = self.memory.lock();
            memory.take_now(&answer);
            memory.news(number, &self.row.name)
        };
        keep(&self.context, &HostId::local(), number, &answer);
        self.context.publish(&self.topic, &news);
    }
}
