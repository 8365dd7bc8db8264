//! The list of watched machines: the one that the server runs on, and those that agents report for.

use std::{cmp::Reverse, sync::Arc};

use common::{
    Topic,
    host::{HostId, HostInfo, HostSnapshot},
    metric_catalog::MetricCatalog,
    spike::Spike,
};
use fanout::Hub;

use super::{
    readable::{ReadableCatalogs, ReadableTopics},
    remote::RemoteHosts,
    watched::WatchedHost,
};
use crate::feature::HostReader;

/// So many spikes of a host are kept.
pub(super) const SPIKES: usize = 200;
/// A page shows so many at the most.
const SHOWN_SPIKES: usize = 50;

/// The hosts, as requests and pages read them; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    local: Arc<WatchedHost>,
    remote: RemoteHosts,
    hub: Hub,
    catalogs: ReadableCatalogs,
}

impl Hosts {
    pub(super) fn new(
        local: Arc<WatchedHost>,
        remote: RemoteHosts,
        hub: Hub,
        catalog: &'static MetricCatalog,
    ) -> Self {
        Self { local, remote, hub, catalogs: ReadableCatalogs::new(catalog) }
    }

    /// Returns the host of this name.
    pub(super) fn find(&self, id: &HostId) -> Option<Arc<WatchedHost>> {
        if *id == self.local.info().id {
            return Some(Arc::clone(&self.local));
        }
        self.remote.find(id).map(|remote| Arc::clone(&remote.host))
    }

    /// Returns every host, this machine first.
    pub(super) fn all(&self) -> Vec<Arc<WatchedHost>> {
        let remote = self.remote.all();
        std::iter::once(&self.local).chain(remote.iter().map(|remote| &remote.host)).cloned().collect()
    }

    /// Returns those that agents report for.
    pub(super) fn remote(&self) -> &RemoteHosts {
        &self.remote
    }

    /// Returns the present moment by the server's clock, milliseconds since 1970.
    pub(super) fn now_ms(&self) -> u64 {
        self.local.now_ms()
    }

    /// Returns the catalog of metrics.
    pub(super) fn catalog(&self) -> &'static MetricCatalog {
        self.catalogs.all()
    }

    /// Returns all that is known of a host, at a place in the log.
    pub(super) fn snapshot_of(&self, host: &WatchedHost) -> HostSnapshot {
        host.snapshot(self.hub.head())
    }
}

impl HostReader for Hosts {
    fn snapshot(&self, host: &HostId, may_read: &dyn Fn(&Topic) -> bool) -> Option<HostSnapshot> {
        let topics = ReadableTopics::of(host, may_read);
        self.find(host).filter(|_| !topics.is_empty()).map(|host| topics.of_snapshot(self.snapshot_of(&host)))
    }

    fn info(&self, host: &HostId) -> Option<Arc<HostInfo>> {
        self.find(host).map(|host| host.info())
    }

    fn spikes(&self, host: &HostId, from: u64, to: u64) -> Vec<Spike> {
        let kept = self.hub.history(&host.spikes_topic(), None, SPIKES).entries;
        let mut spikes: Vec<Spike> =
            kept.iter().filter_map(|entry| serde_json::from_slice(&entry.data).ok()).collect();
        spikes.retain(|spike| (from..=to).contains(&spike.at));
        // A late one stands behind in the log.
        spikes.sort_by_key(|spike| Reverse(spike.at));
        spikes.truncate(SHOWN_SPIKES);
        spikes
    }

    fn catalog(&self, may_read: &dyn Fn(&Topic) -> bool) -> &'static MetricCatalog {
        self.catalogs.of(ReadableTopics::of(&self.local.info().id, may_read))
    }
}
