//! The list of machines that agents report for, as this node knows it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use common::{
    host::{HostId, HostInfo},
    host_labels::HostLabels,
    metric_catalog::MetricCatalog,
};
use fanout::{Clock, Hub};
use parking_lot::RwLock;
use store::{Host, HostNumber, StoreError};
use tokio_util::sync::CancellationToken;

use super::host::RemoteHost;
use crate::{
    accounts::AccountDirectory,
    agent::wire::StoredFacts,
    containers::RemoteContainers,
    history::SeriesHistory,
    hosts::{
        publisher::Teller,
        sink::HostSink,
        watched::{HostHistory, WatchedHost},
    },
    probing::exchange::ProbeExchange,
};

/// The machines that agents report for; cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::hosts) struct RemoteHosts {
    pub(super) hub: Hub,
    pub(super) accounts: AccountDirectory,
    keeping: HostHistory,
    /// The probes that agents ask.
    pub(super) probes: ProbeExchange,
    containers: RemoteContainers,
    /// The number of this run of the server.
    pub(super) run: u64,
    /// Resolves when the server stops.
    pub(super) stop: CancellationToken,
    known: Arc<RwLock<KnownHosts>>,
}

/// The machines, by name and by number: each report is of a number.
#[derive(Debug, Default)]
struct KnownHosts {
    by_name: BTreeMap<String, Arc<RemoteHost>>,
    by_number: HashMap<u64, Arc<RemoteHost>>,
}

impl KnownHosts {
    /// Takes a host in, in place of the one that had its name.
    fn insert(&mut self, name: &str, host: &Arc<RemoteHost>) {
        if let Some(before) = self.by_name.insert(name.to_owned(), Arc::clone(host)) {
            self.by_number.remove(&before.number().0);
        }
        self.by_number.insert(host.number().0, Arc::clone(host));
    }

    fn retain(&mut self, mut is_there: impl FnMut(&RemoteHost) -> bool) {
        let Self { by_name, by_number } = self;
        by_name.retain(|_, host| {
            let stays = is_there(host);
            if !stays {
                by_number.remove(&host.number().0);
            }
            stays
        });
    }
}

impl RemoteHosts {
    pub(in crate::hosts) fn new(
        hub: Hub,
        accounts: AccountDirectory,
        history: SeriesHistory,
        catalog: &'static MetricCatalog,
        probes: ProbeExchange,
        containers: RemoteContainers,
        stop: CancellationToken,
    ) -> Self {
        let keeping = HostHistory { history, catalog, is_on_grid: true };
        // It differs from the last run's, and that is all that it is for.
        let run = hub.clock().unix_time().as_micros() as u64;
        Self { hub, accounts, keeping, probes, containers, run, stop, known: Arc::default() }
    }

    /// Returns the host of this name.
    pub(in crate::hosts) fn find(&self, id: &HostId) -> Option<Arc<RemoteHost>> {
        self.known.read().by_name.get(id.as_str()).cloned()
    }

    /// Returns every host, by name.
    pub(in crate::hosts) fn all(&self) -> Vec<Arc<RemoteHost>> {
        self.known.read().by_name.values().cloned().collect()
    }

    /// Returns the state of a host that the store has.
    pub(super) fn enter(&self, row: &Host) -> Arc<RemoteHost> {
        let mut known = self.known.write();
        match known.by_name.get(&row.name) {
            Some(host) if host.number() == row.id => Arc::clone(host),
            _ => {
                let host = Arc::new(self.make(row));
                known.insert(&row.name, &host);
                host
            }
        }
    }

    fn make(&self, row: &Host) -> RemoteHost {
        let StoredFacts { info, labels } = facts_of(row);
        let host = Arc::new(WatchedHost::new(info, Arc::clone(self.hub.clock()), self.keeping.clone()));
        let sink = HostSink::new(&host, &self.hub, Teller::EachNode);
        let containers = self.containers.enter(&host.info().id, row.last_seen_ms);
        RemoteHost::new(row.id, host, labels, sink, self.probes.clone(), row.last_seen_ms, containers)
    }

    /// Takes over what the store has: hosts that enrolled at another node come, and those that were removed go.
    pub(super) async fn read_store(&self) -> Result<(), StoreError> {
        let rows = self.accounts.store().hosts().all().await?;
        self.known.write().retain(|host| {
            let is_there = rows.iter().any(|row| row.id == host.number());
            if !is_there {
                host.links.end();
                self.probes.forget(host.host.info().id.as_str());
                self.containers.forget(&host.host.info().id);
            }
            is_there
        });
        rows.iter().for_each(|row| drop(self.enter(row)));
        Ok(())
    }

    /// Forgets a host that was removed from the store.
    pub(in crate::hosts) fn forget(&self, number: HostNumber) {
        let gone: Vec<_> = self.all().into_iter().filter(|host| host.number() == number).collect();
        self.known.write().retain(|host| host.number() != number);
        for host in &gone {
            host.links.end();
            self.probes.forget(host.host.info().id.as_str());
            self.containers.forget(&host.host.info().id);
            self.keeping.history.forget(&host.host.info().id);
        }
    }

    /// Finds the host of an agent whose key was believed.
    ///
    /// # Errors
    /// When the store does not have it any more, or does not answer.
    pub(super) async fn reporting(&self, number: u64) -> Result<Arc<RemoteHost>, StoreError> {
        let find = || self.known.read().by_number.get(&number).cloned();
        if let Some(host) = find() {
            return Ok(host);
        }
        self.read_store().await?;
        find().ok_or(StoreError::NotFound)
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        self.hub.clock()
    }
}

/// The facts that a host's agent has told, with the name that it has here.
fn facts_of(row: &Host) -> StoredFacts {
    let id: HostId = row.name.parse().unwrap_or_else(|_| HostId::local());
    match serde_json::from_str::<StoredFacts>(&row.facts) {
        Ok(facts) => StoredFacts { info: HostInfo { id, ..facts.info }, ..facts },
        Err(_) => {
            let info = HostInfo {
                hostname: row.name.clone(),
                id,
                os: None,
                kernel: None,
                cpu_model: None,
                cores: 1,
                fast_ms: 1_000,
                slow_ms: 2_000,
            };
            StoredFacts { info, labels: HostLabels::default() }
        }
    }
}
