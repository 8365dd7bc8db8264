//! The containers of this machine as they are known at this moment.

use std::{collections::BTreeMap, num::NonZero, sync::Arc, thread};

use common::{
    Cursor,
    container::{ContainerInfo, ContainerList, ContainerNews, EngineState, EngineStatus},
    host::HostId,
};
use container_engine::{Container, ContainerId, Limits};
use fanout::Clock;
use parking_lot::RwLock;

use super::news::info;

/// More differences than this are told as one: whoever shows the list asks for it again.
const FEW: usize = 32;

/// The table; cheap to clone, and shared.
#[derive(Debug, Clone)]
pub(super) struct ContainerTable {
    clock: Arc<dyn Clock>,
    shared: Arc<RwLock<Shared>>,
}

#[derive(Debug)]
struct Shared {
    engine: EngineStatus,
    /// By id.
    containers: BTreeMap<String, ContainerInfo>,
    /// Those that run, by id.
    running: BTreeMap<String, RunningContainer>,
}

/// A container that runs, for whoever measures it.
#[derive(Debug, Clone)]
pub(super) struct RunningContainer {
    pub(super) id: ContainerId,
    /// Its first process.
    pub(super) pid: u32,
    pub(super) limits: Limits,
}

impl ContainerTable {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let engine = EngineStatus {
            state: EngineState::Connecting,
            since_ms: clock.unix_millis(),
            product: None,
            why: None,
        };
        let shared = Shared { engine, containers: BTreeMap::new(), running: BTreeMap::new() };
        Self { clock, shared: Arc::new(RwLock::new(shared)) }
    }

    /// Returns all of it, for a reader who goes on from this place in the log.
    pub(super) fn list(&self, host: HostId, cursor: Cursor) -> ContainerList {
        let shared = self.shared.read();
        let mut containers: Vec<ContainerInfo> = shared.containers.values().cloned().collect();
        containers.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.id.cmp(&other.id)));
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        ContainerList { host, cores, engine: shared.engine.clone(), cursor, containers }
    }

    /// Returns a container by its id, or by a beginning of it that no other has.
    pub(super) fn find(&self, id: &str) -> Option<ContainerInfo> {
        let shared = self.shared.read();
        let mut found =
            shared.containers.range(id.to_owned()..).take_while(|(whole, _)| whole.starts_with(id));
        let (_, first) = found.next()?;
        if found.next().is_none() { Some(first.clone()) } else { None }
    }

    /// Reports that there is a container of this id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.shared.read().containers.contains_key(id)
    }

    /// Reports that there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.shared.read().containers.is_empty()
    }

    /// Returns those that run.
    pub(super) fn running(&self) -> Vec<RunningContainer> {
        self.shared.read().running.values().cloned().collect()
    }

    /// Notes how the engine is. Returns news if that is another than before.
    pub(super) fn set_engine(
        &self,
        state: EngineState,
        product: Option<String>,
        why: Option<String>,
    ) -> Option<ContainerNews> {
        let mut shared = self.shared.write();
        let known = &shared.engine;
        // An engine that does not answer is still the one that it was.
        let product = product.or_else(|| known.product.clone().filter(|_| state == EngineState::Away));
        if known.state == state && known.product == product && known.why == why {
            return None;
        }
        let since_ms = if known.state == state { known.since_ms } else { self.clock.unix_millis() };
        shared.engine = EngineStatus { state, since_ms, product, why };
        Some(ContainerNews::Engine(shared.engine.clone()))
    }

    /// Takes the engine's whole list. Returns the differences to what was known.
    pub(super) fn replace(
        &self,
        all: Vec<Container>,
        is_looping: impl Fn(&Container) -> bool,
    ) -> Vec<ContainerNews> {
        let mut shared = self.shared.write();
        let before = std::mem::take(&mut shared.containers);
        shared.running = all.iter().filter_map(running).collect();
        shared.containers = all
            .iter()
            .map(|one| {
                let looping = is_looping(one);
                (one.id.to_string(), info(one, looping))
            })
            .collect();
        let is_other = |one: &&ContainerInfo| before.get(&one.id) != Some(*one);
        let changed: Vec<&ContainerInfo> = shared.containers.values().filter(is_other).collect();
        let gone: Vec<&String> = before.keys().filter(|id| !shared.containers.contains_key(*id)).collect();
        if changed.len() + gone.len() > FEW {
            return vec![ContainerNews::Listed];
        }
        let changed = changed.into_iter().map(|one| ContainerNews::Changed { container: one.clone() });
        changed.chain(gone.into_iter().map(|id| ContainerNews::Gone { id: id.clone() })).collect()
    }

    /// Takes one container as it is after something happened to it; none where it is gone. Returns it as it is told.
    pub(super) fn put(&self, id: &str, one: Option<&Container>, is_looping: bool) -> Option<ContainerInfo> {
        let mut shared = self.shared.write();
        shared.running.remove(id);
        let Some(one) = one else {
            shared.containers.remove(id);
            return None;
        };
        shared.running.extend(running(one));
        let told = info(one, is_looping);
        shared.containers.insert(told.id.clone(), told.clone());
        Some(told)
    }

    /// Notes that a container starts again and again, or no more. Returns it as it is told; nothing where it is gone.
    pub(super) fn set_looping(&self, id: &str, is_looping: bool) -> Option<ContainerInfo> {
        let mut shared = self.shared.write();
        let known = shared.containers.get_mut(id)?;
        known.is_looping = is_looping;
        Some(known.clone())
    }

    /// Forgets all containers: there is no engine any more.
    pub(super) fn clear(&self) {
        let mut shared = self.shared.write();
        shared.containers.clear();
        shared.running.clear();
    }
}

fn running(one: &Container) -> Option<(String, RunningContainer)> {
    let pid = one.pid.filter(|pid| *pid > 0)?;
    Some((one.id.to_string(), RunningContainer { id: one.id.clone(), pid, limits: one.limits }))
}
