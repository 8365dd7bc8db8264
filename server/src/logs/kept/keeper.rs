//! Follows which containers there are, and has a reader for each whose lines are kept.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use container_engine::{Container, ContainerId};
use fanout::Clock;
use kept_logs::KeptLogs;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::reader;
use crate::{
    containers::{EngineDoor, EngineNow, LifeNote},
    logs::settings::KeptContainers,
};

/// Lines are on the disk after this at the latest, and what is too old is removed.
const SYNC: Duration = Duration::from_secs(10);
/// The most containers that are read at once.
const MOST: usize = 1_000;

/// Has lines kept; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    logs: KeptLogs,
    door: EngineDoor,
    choice: KeptContainers,
    clock: Arc<dyn Clock>,
}

/// The containers that are read, and those that were.
#[derive(Default)]
struct Readers {
    /// Each returns its container, and if that was read to its end.
    tasks: JoinSet<(ContainerId, bool)>,
    /// Those that are read. True where another life has begun since.
    reading: HashMap<ContainerId, bool>,
    /// Those that had ended and were read to their end.
    done: HashSet<ContainerId>,
}

impl Keeper {
    pub(super) fn new(
        logs: KeptLogs,
        door: EngineDoor,
        choice: KeptContainers,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { logs, door, choice, clock }
    }

    /// Keeps lines for ever.
    pub(super) async fn run(self) {
        let mut notes = self.door.lives();
        let mut readers = Readers::default();
        // The engine may have been listed before this was asked.
        self.list(&mut readers).await;
        let mut due = Instant::now() + SYNC;
        loop {
            tokio::select! {
                note = next(&mut notes) => match note {
                    Some(LifeNote::Listed(all)) => self.take_all(&mut readers, &all),
                    Some(LifeNote::Begun(container)) => self.take(&mut readers, &container, true),
                    None => self.list(&mut readers).await,
                },
                Some(ended) = readers.tasks.join_next() => {
                    if let Ok((id, was_read)) = ended {
                        self.ended(&mut readers, id, was_read);
                    } else {
                        // A reader has panicked: which, the list will tell.
                        readers.tasks.abort_all();
                        readers = Readers::default();
                        self.list(&mut readers).await;
                    }
                }
                () = sleep_until(due) => {
                    due = Instant::now() + SYNC;
                    self.sync().await;
                }
            }
        }
    }

    /// Looks at all containers of an engine that answers.
    async fn list(&self, readers: &mut Readers) {
        let EngineNow::Connected(engine, version) = self.door.now() else { return };
        match engine.containers(&version).await {
            Ok(all) => {
                let all: Vec<Container> =
                    all.iter().map(container_engine::ListedContainer::to_container).collect();
                self.take_all(readers, &all);
            }
            // It is listed again when it answers.
            Err(error) => tracing::debug!(%error, "containers are not listed now"),
        }
    }

    fn take_all(&self, readers: &mut Readers, all: &[Container]) {
        readers.done.retain(|id| all.iter().any(|container| container.id == *id));
        for container in all {
            self.take(readers, container, false);
        }
    }

    /// Reads a container's lines, unless it is read or has nothing new.
    fn take(&self, readers: &mut Readers, container: &Container, has_begun: bool) {
        if !self.choice.keeps(container) {
            return;
        }
        if let Some(again) = readers.reading.get_mut(&container.id) {
            *again |= has_begun;
            return;
        }
        if has_begun || !container.state.is_ended() {
            readers.done.remove(&container.id);
        }
        if readers.done.contains(&container.id) {
            return;
        }
        if readers.reading.len() >= MOST {
            tracing::warn!(container = %container.name, "its lines are not kept: those of {MOST} others are");
            return;
        }
        self.read(readers, &container.id);
    }

    fn read(&self, readers: &mut Readers, id: &ContainerId) {
        readers.reading.insert(id.clone(), false);
        let (keeper, id) = (self.clone(), id.clone());
        readers.tasks.spawn(async move {
            let kept = reader::keep(&keeper.logs, &keeper.door, &id, &*keeper.clock).await;
            let was_read = kept.unwrap_or_else(|error| {
                tracing::warn!(container = %id, %error, "its lines are not kept from here on");
                true
            });
            (id, was_read)
        });
    }

    fn ended(&self, readers: &mut Readers, id: ContainerId, was_read: bool) {
        match readers.reading.remove(&id) {
            Some(true) => self.read(readers, &id),
            _ if was_read => {
                readers.done.insert(id);
            }
            _ => {}
        }
    }

    async fn sync(&self) {
        let (logs, now) = (self.logs.clone(), self.clock.unix_time().as_micros());
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        match tokio::task::spawn_blocking(move || logs.sync(now)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "kept lines are not on the disk yet"),
            Err(error) => tracing::error!(%error, "kept lines could not be brought to the disk"),
        }
    }
}

/// The next note; none where some were missed.
async fn next(notes: &mut Receiver<LifeNote>) -> Option<LifeNote> {
    match notes.recv().await {
        Ok(note) => Some(note),
        Err(RecvError::Lagged(_)) => None,
        // The door outlives everything.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}
