//! The hosts whose containers agents tell of, as this node knows them.

use std::{collections::BTreeMap, sync::Arc};

use common::host::HostId;
use fanout::Hub;
use parking_lot::RwLock;

use super::host::HostContainers;

/// The containers of every host that an agent reports for; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RemoteContainers {
    hub: Hub,
    known: Arc<RwLock<BTreeMap<String, Arc<HostContainers>>>>,
}

impl RemoteContainers {
    pub(crate) fn new(hub: Hub) -> Self {
        Self { hub, known: Arc::default() }
    }

    /// Begins the table of a host, which was heard last then. One of an earlier host of this name is forgotten.
    pub(crate) fn enter(&self, host: &HostId, heard_ms: Option<u64>) -> Arc<HostContainers> {
        let new = Arc::new(HostContainers::new(host.clone(), self.hub.clone(), heard_ms));
        self.known.write().insert(host.as_str().to_owned(), Arc::clone(&new));
        new
    }

    /// Forgets a host.
    pub(crate) fn forget(&self, host: &HostId) {
        self.known.write().remove(host.as_str());
    }

    /// Returns those of a host.
    pub(in super::super) fn find(&self, host: &HostId) -> Option<Arc<HostContainers>> {
        self.known.read().get(host.as_str()).cloned()
    }

    /// Returns the hosts that have an engine, by name.
    pub(in super::super) fn with_engine(&self) -> Vec<HostId> {
        let known = self.known.read();
        known.iter().filter(|(_, host)| host.has_engine()).filter_map(|(name, _)| name.parse().ok()).collect()
    }
}
