//! The usage of containers as the engine tells it, for those whose kernel's files are not on this machine. An engine that is asked for
//! statistics measures once a second for each container, so its streams are open only while someone looks.

use std::{collections::HashMap, sync::Arc, time::Duration};

use common::container::ContainerUsage;
use container_engine::{ContainerId, usage::Reading};
use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep, timeout},
};

use super::{
    door::{EngineDoor, EngineNow},
    meter::told,
    table::RunningContainer,
};

/// The most containers that are followed at once: each costs the engine a measurement a second.
const MOST: usize = 500;
/// A reading is the present for so long. Podman sends one in five seconds.
const PRESENT: Duration = Duration::from_secs(15);
/// A stream that has ended is opened again after this.
const AGAIN: Duration = Duration::from_secs(5);
/// So many containers are asked at once, where nobody looks.
const AT_ONCE: usize = 8;
/// The first reading of a stream takes a second of Docker's, and five of Podman's.
const FIRST: Duration = Duration::from_secs(10);

/// The usage of containers as the engine tells it; cheap to clone, and shared.
#[derive(Debug, Clone)]
pub(crate) struct EngineUsage {
    door: EngineDoor,
    followed: Arc<Mutex<HashMap<ContainerId, FollowedUsage>>>,
}

/// A container whose statistics are followed, until this is dropped.
#[derive(Debug)]
struct FollowedUsage {
    pid: u32,
    reader: AbortHandle,
    newest: Arc<Mutex<NewestReadings>>,
}

/// The two newest readings, and when the last one came.
#[derive(Debug, Default)]
struct NewestReadings {
    before: Option<Reading>,
    last: Option<(Reading, Instant)>,
}

impl Drop for FollowedUsage {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl EngineUsage {
    pub(crate) fn new(door: EngineDoor) -> Self {
        Self { door, followed: Arc::default() }
    }

    /// Follows these containers, and no others any more.
    pub(super) fn follow(&self, wanted: &[RunningContainer]) {
        let mut followed = self.followed.lock();
        let wanted: HashMap<&ContainerId, u32> =
            wanted.iter().take(MOST).map(|one| (&one.id, one.pid)).collect();
        followed.retain(|id, one| wanted.get(id) == Some(&one.pid));
        for (id, pid) in wanted {
            followed
                .entry(id.clone())
                .or_insert_with(|| FollowedUsage::begin(self.door.clone(), id.clone(), pid));
        }
    }

    /// The usage of those of these that the engine has told about.
    pub(super) fn of(&self, containers: &[RunningContainer]) -> Vec<ContainerUsage> {
        let followed = self.followed.lock();
        let usage = |one: &RunningContainer| {
            let newest = followed.get(&one.id)?.newest.lock();
            let (last, _) = newest.present()?;
            Some(told(&one.id, last, newest.before.as_ref(), &one.limits))
        };
        containers.iter().filter_map(usage).collect()
    }

    /// The newest reading of each of these. Those that nobody looks at are asked for one.
    pub(super) async fn readings(&self, containers: &[RunningContainer]) -> Vec<(ContainerId, u32, Reading)> {
        let EngineNow::Connected(engine, version) = self.door.now() else { return Vec::new() };
        let ask = |one: &RunningContainer| {
            let (id, pid) = (one.id.clone(), one.pid);
            let known =
                self.followed.lock().get(&id).and_then(|followed| followed.newest.lock().present().copied());
            let (engine, version) = (engine.clone(), version.clone());
            async move {
                if let Some((reading, _)) = known {
                    return Some((id, pid, reading));
                }
                let mut stream = engine.stats(&version, &id).await.ok()?;
                let reading = timeout(FIRST, stream.next()).await.ok()?.ok()??;
                Some((id, pid, reading))
            }
        };
        let asked = stream::iter(containers.iter().take(MOST).map(ask)).buffer_unordered(AT_ONCE);
        asked.filter_map(std::future::ready).collect().await
    }

    /// Reports that someone looks, so that readings cost nothing more.
    pub(super) fn is_followed(&self) -> bool {
        !self.followed.lock().is_empty()
    }
}

impl FollowedUsage {
    fn begin(door: EngineDoor, id: ContainerId, pid: u32) -> Self {
        let newest = Arc::new(Mutex::new(NewestReadings::default()));
        let reader = tokio::spawn(read(door, id, Arc::clone(&newest))).abort_handle();
        Self { pid, reader, newest }
    }
}

impl NewestReadings {
    /// The last reading, while it is the present.
    fn present(&self) -> Option<&(Reading, Instant)> {
        self.last.as_ref().filter(|(_, at)| at.elapsed() < PRESENT)
    }

    fn push(&mut self, reading: Reading) {
        let last = self.last.replace((reading, Instant::now()));
        self.before = last.map(|(reading, _)| reading);
    }
}

/// Reads the statistics of a container, for ever.
async fn read(door: EngineDoor, id: ContainerId, newest: Arc<Mutex<NewestReadings>>) {
    loop {
        if let EngineNow::Connected(engine, version) = door.now()
            && let Ok(mut stream) = engine.stats(&version, &id).await
        {
            loop {
                match timeout(PRESENT, stream.next()).await {
                    Ok(Ok(Some(reading))) => newest.lock().push(reading),
                    // One that says nothing for so long may be cut.
                    Ok(Ok(None)) | Err(_) => break,
                    Ok(Err(error)) => {
                        tracing::debug!(%error, %id, "the statistics of a container cannot be read");
                        break;
                    }
                }
            }
        }
        sleep(AGAIN).await;
    }
}
