//! The engine of this machine, for features that ask it for more than containers. There is one connection logic, that of [`super::follow`]:
//! whoever comes through here is told how it is with the engine, and when that changes.

use std::{sync::Arc, time::Duration};

use container_engine::{Container, Engine, EngineVersion};
use tokio::{
    sync::{broadcast, watch},
    time::timeout,
};

/// So many notes of lives wait for who follows them.
const NOTES: usize = 64;
/// An engine that is asked for the first time answers in this time, or is away.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// A note of which containers there are.
#[derive(Debug, Clone)]
pub(crate) enum LifeNote {
    /// All that there are.
    Listed(Arc<[Container]>),
    /// One has begun a life.
    Begun(Arc<Container>),
}

/// The door to the engine; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct EngineDoor {
    now: watch::Sender<EngineNow>,
    /// True once it is known how it is with the engine.
    is_known: watch::Sender<bool>,
    /// True while the table has what the engine has listed, or no list is to come.
    is_listed: watch::Sender<bool>,
    lives: broadcast::Sender<LifeNote>,
}

impl EngineDoor {
    pub(crate) fn new() -> Self {
        let now = watch::Sender::new(EngineNow::Away("it has not answered yet".to_owned()));
        let [is_known, is_listed] = [(); 2].map(|()| watch::Sender::new(false));
        Self { now, is_known, is_listed, lives: broadcast::Sender::new(NOTES) }
    }

    /// Returns the engine as it is now.
    pub(crate) fn now(&self) -> EngineNow {
        self.now.borrow().clone()
    }

    /// Returns the engine as it is now. A server that has just started waits until the engine has answered, or has not.
    pub(crate) async fn settled(&self) -> EngineNow {
        let mut is_known = self.is_known.subscribe();
        // Nothing that is known in time is an answer, too.
        let _ = timeout(PATIENCE, is_known.wait_for(|is_known| *is_known)).await;
        self.now()
    }

    /// Resolves when the containers are listed, or are not to be for now.
    pub(super) async fn listed(&self) {
        let mut is_listed = self.is_listed.subscribe();
        // An engine that lists for longer is asked again by whoever asks again.
        let _ = timeout(PATIENCE, is_listed.wait_for(|is_listed| *is_listed)).await;
    }

    pub(super) fn set_listed(&self) {
        self.is_listed.send_replace(true);
    }

    /// Follows it: the receiver is told of each change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<EngineNow> {
        self.now.subscribe()
    }

    /// Follows which containers there are, from now on.
    pub(crate) fn lives(&self) -> broadcast::Receiver<LifeNote> {
        self.lives.subscribe()
    }

    pub(super) fn set(&self, now: EngineNow) {
        self.is_listed.send_replace(!matches!(now, EngineNow::Connected(..)));
        self.now.send_replace(now);
        self.is_known.send_replace(true);
    }

    pub(super) fn note(&self, note: LifeNote) {
        // Nobody may be following.
        let _ = self.lives.send(note);
    }
}
