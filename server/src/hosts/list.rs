//! The list of watched machines: so far the one that the server runs on.

use std::sync::Arc;

use common::{
    Topic,
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
};
use fanout::Hub;

use super::{
    local::LocalHost,
    readable::{ReadableCatalogs, ReadableTopics},
};
use crate::feature::HostReader;

/// The hosts, as requests and pages read them; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    local: Arc<LocalHost>,
    hub: Hub,
    catalogs: ReadableCatalogs,
}

impl Hosts {
    /// The machine that the server runs on, alone.
    pub(super) fn new(local: Arc<LocalHost>, hub: Hub, catalog: &'static MetricCatalog) -> Self {
        Self { local, hub, catalogs: ReadableCatalogs::new(catalog) }
    }

    /// Returns the host of this name.
    pub(super) fn find(&self, id: &HostId) -> Option<&LocalHost> {
        (*id == self.local.info().id).then_some(&*self.local)
    }

    /// Returns every host.
    pub(super) fn all(&self) -> impl Iterator<Item = &LocalHost> {
        std::iter::once(&*self.local)
    }

    /// Returns the catalog of metrics.
    pub(super) fn catalog(&self) -> &'static MetricCatalog {
        self.catalogs.all()
    }

    /// Returns all that is known of a host, at a place in the log.
    pub(super) fn snapshot_of(&self, host: &LocalHost) -> HostSnapshot {
        host.snapshot(self.hub.head())
    }
}

impl HostReader for Hosts {
    fn snapshot(&self, host: &HostId, may_read: &dyn Fn(&Topic) -> bool) -> Option<HostSnapshot> {
        let topics = ReadableTopics::of(host, may_read);
        self.find(host).filter(|_| !topics.is_empty()).map(|host| topics.of_snapshot(self.snapshot_of(host)))
    }

    fn catalog(&self, may_read: &dyn Fn(&Topic) -> bool) -> &'static MetricCatalog {
        self.catalogs.of(ReadableTopics::of(&self.local.info().id, may_read))
    }
}
