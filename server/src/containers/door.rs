//! The engine of this machine, for features that ask it for more than containers. There is one connection logic, that of [`super::follow`]:
//! whoever comes through here is told how it is with the engine, and when that changes.

use container_engine::{Engine, EngineVersion};
use tokio::sync::watch;

/// The engine at this moment.
#[derive(Debug, Clone)]
pub(crate) enum EngineNow {
    /// There is none, and why.
    Off(String),
    /// It does not answer, and why.
    Away(String),
    /// It answers.
    Connected(Engine, EngineVersion),
}

/// The door to the engine; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct EngineDoor(watch::Sender<EngineNow>);

impl EngineDoor {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(EngineNow::Away("it has not answered yet".to_owned())))
    }

    /// Returns the engine as it is now.
    pub(crate) fn now(&self) -> EngineNow {
        self.0.borrow().clone()
    }

    /// Follows it: the receiver is told of each change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<EngineNow> {
        self.0.subscribe()
    }

    pub(super) fn set(&self, now: EngineNow) {
        self.0.send_replace(now);
    }
}
