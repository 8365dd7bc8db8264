//! The containers of one machine as they are known at this moment.

use std::{collections::BTreeMap, sync::Arc};

use common::{
    Cursor,
    container::{ContainerEvent, ContainerInfo, ContainerList, ContainerNews, EngineState, EngineStatus},
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
pub(crate) struct ContainerTable {
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
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
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
    pub(super) fn list(&self, host: HostId, cores: usize, cursor: Cursor) -> ContainerList {
        let (engine, mut containers) = self.snapshot();
        containers.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.id.cmp(&other.id)));
        ContainerList { host, cores, engine, cursor, containers, hosts: Vec::new() }
    }

    /// Returns the engine and all containers, by id.
    pub(crate) fn snapshot(&self) -> (EngineStatus, Vec<ContainerInfo>) {
        let shared = self.shared.read();
        (shared.engine.clone(), shared.containers.values().cloned().collect())
    }

    /// Returns the engine as it was told.
    pub(crate) fn engine(&self) -> EngineStatus {
        self.shared.read().engine.clone()
    }

    /// Returns the number of containers.
    pub(super) fn len(&self) -> usize {
        self.shared.read().containers.len()
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
        shared.running = all.iter().filter_map(running).collect();
        shared.replace(all.iter().map(|one| info(one, is_looping(one))))
    }

    /// Takes the whole list as another machine tells it. Returns the differences to what was known.
    pub(super) fn replace_told(&self, engine: EngineStatus, all: Vec<ContainerInfo>) -> Vec<ContainerNews> {
        let mut shared = self.shared.write();
        let mut changes = shared.replace(all);
        if shared.engine != engine {
            shared.engine = engine.clone();
            changes.push(ContainerNews::Engine(engine));
        }
        changes
    }

    /// Takes what another machine tells.
    pub(super) fn apply(&self, news: &ContainerNews) {
        let mut shared = self.shared.write();
        match news {
            ContainerNews::Event(ContainerEvent { container: Some(container), .. })
            | ContainerNews::Changed { container } => {
                shared.containers.insert(container.id.clone(), container.clone());
            }
            ContainerNews::Event(ContainerEvent { id, .. }) | ContainerNews::Gone { id } => {
                shared.containers.remove(id);
            }
            ContainerNews::Engine(engine) => shared.engine = engine.clone(),
            ContainerNews::Listed | ContainerNews::Unknown { .. } => {}
        }
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

impl Shared {
    /// Puts these in the place of all containers. Returns the differences.
    fn replace(&mut self, all: impl IntoIterator<Item = ContainerInfo>) -> Vec<ContainerNews> {
        let all = all.into_iter().map(|one| (one.id.clone(), one)).collect();
        let before = std::mem::replace(&mut self.containers, all);
        let is_other = |one: &&ContainerInfo| before.get(&one.id) != Some(*one);
        let changed: Vec<&ContainerInfo> = self.containers.values().filter(is_other).collect();
        let gone: Vec<&String> = before.keys().filter(|id| !self.containers.contains_key(*id)).collect();
        if changed.len() + gone.len() > FEW {
            return vec![ContainerNews::Listed];
        }
        let changed = changed.into_iter().map(|one| ContainerNews::Changed { container: one.clone() });
        changed.chain(gone.into_iter().map(|id| ContainerNews::Gone { id: id.clone() })).collect()
    }
}

fn running(one: &Container) -> Option<(String, RunningContainer)> {
    let pid = one.pid.filter(|pid| *pid > 0)?;
    Some((one.id.to_string(), RunningContainer { id: one.id.clone(), pid, limits: one.limits }))
}
