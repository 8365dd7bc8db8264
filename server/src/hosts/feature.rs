//! What the watched machines add to the server.

use std::{sync::Arc, time::Duration};

use common::host::{HostId, HostSnapshot};
use hub::{Hub, TopicPolicy};
use transports::sse::server::bare;

use super::{
    api, cpumemdisk, health::LocalHealth, local::LocalHost, metrics::HostMetrics, run,
    settings::CollectorSettings,
};
use crate::{
    feature::{Assembly, Feature, FeatureParts, HostReader, StartContext},
    tasks::Worker,
    topic_policies::{latest, own},
};

pub(crate) const FEATURE: Feature = Feature { name: "hosts", topic_policies, start };

/// The topics of one host.
const KINDS: [&str; 4] = ["metrics", "system", "processes", "cpumemdisk"];

fn topic_policies() -> Vec<TopicPolicy> {
    let of_this = KINDS.map(|kind| own(&format!("host/{}/{kind}", HostId::local())));
    let of_others = KINDS.map(|kind| latest(&format!("host/*/{kind}"), 500));
    of_this.into_iter().chain(of_others).collect()
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let collect = &context.config.collect;
    let settings = CollectorSettings {
        fast: Duration::from_millis(collect.fast_ms),
        slow: Duration::from_millis(collect.slow_ms),
        prober: context.config.prober.clone(),
    };
    let collector = run::start(context.hub.clone(), settings)?;
    let hosts = Hosts { local: Arc::clone(collector.local()), hub: context.hub.clone() };
    let workers: Vec<Box<dyn Worker>> = vec![Box::new(collector)];
    Ok(FeatureParts {
        namespaces: vec![cpumemdisk::namespace()],
        forms: &cpumemdisk::FORMS,
        metrics: Some(Box::new(HostMetrics(Arc::clone(&hosts.local)))),
        health: Some(Arc::new(LocalHealth(Arc::clone(&hosts.local)))),
        hosts: Some(Arc::new(hosts.clone())),
        workers,
        routes: Box::new(|all: &Assembly| {
            let simplest = axum::Router::new().route("/sse/cpumemdisk", bare(HostId::local().bare_topic()));
            api::routes().with_state(hosts).merge(simplest.with_state(all.live.clone()))
        }),
        ..FeatureParts::default()
    })
}

/// The hosts, as requests and pages read them; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    local: Arc<LocalHost>,
    hub: Hub,
}

impl Hosts {
    /// Returns the host of this name.
    pub(super) fn find(&self, id: &HostId) -> Option<&LocalHost> {
        (*id == HostId::local()).then_some(&*self.local)
    }

    /// Returns every host.
    pub(super) fn all(&self) -> impl Iterator<Item = &LocalHost> {
        std::iter::once(&*self.local)
    }

    /// Returns all that is known of a host, at a place in the log.
    pub(super) fn snapshot_of(&self, host: &LocalHost) -> HostSnapshot {
        host.snapshot(self.hub.head())
    }
}

impl HostReader for Hosts {
    fn snapshot(&self, host: &HostId) -> Option<HostSnapshot> {
        self.find(host).map(|host| self.snapshot_of(host))
    }
}
