//! The feature of the watched machines: all that it adds to the server.

use std::{sync::Arc, time::Duration};

use common::host::HostId;
use fanout::{Retention, TopicKind, TopicPolicy, TopicQuota};
use transports::sse::server::bare;

use super::{
    api, catalog, collector, cpumemdisk,
    health::LocalHealth,
    list::{Hosts, SPIKES},
    metrics::HostMetrics,
    page::{self, HostsState},
    remote::{self, RemoteHosts},
    settings::SETTINGS,
};
use crate::{
    accounts::DoorState,
    feature::{Assembly, Feature, FeatureParts, StartContext},
    openapi::operation::Operation,
    tasks::Worker,
    topic_policies::{latest, own, policy},
};

pub(crate) const FEATURE: Feature =
    Feature { name: "hosts", settings: SETTINGS, operations, topic_policies, start };

fn operations() -> Vec<Operation> {
    api::operations().into_iter().chain(remote::operations()).collect()
}

/// Spikes are told for so long.
const SPIKES_AGE: Duration = Duration::from_secs(365 * 86_400);

/// The topics of one host.
const KINDS: [&str; 4] = ["metrics", "system", "processes", "cpumemdisk"];

fn topic_policies() -> Vec<TopicPolicy> {
    let of_this = KINDS.map(|kind| own(&format!("host/{}/{kind}", HostId::local())));
    let of_others = KINDS.map(|kind| latest(&format!("host/*/{kind}"), store::HOSTS));
    let spikes = [
        (HostId::local().spikes_topic().to_string(), TopicQuota::Reserved),
        ("host/*/spikes".to_owned(), TopicQuota::AtMost(store::HOSTS)),
    ];
    let spikes = spikes.map(|(pattern, quota)| {
        let retention = Retention { age: SPIKES_AGE, snapshot: 20, quota, ..Retention::entries(SPIKES) };
        policy(&pattern, TopicKind::Log, retention)
    });
    of_this.into_iter().chain(of_others).chain(spikes).collect()
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let settings = context.config.collect.settings(context.config.prober.clone());
    let catalog = catalog::served(&context.config.thresholds);
    let collector = collector::start(context.hub.clone(), settings, context.history.clone(), catalog)?;
    let (local, parts) = (Arc::clone(collector.local()), collector.parts().clone());
    let (accounts, tls) = (context.accounts.clone(), context.tls);
    let bare_topic = local.info().id.bare_topic();
    let remote = RemoteHosts::new(
        context.hub.clone(),
        context.accounts.clone(),
        context.history.clone(),
        catalog,
        context.probes.clone(),
        context.containers.clone(),
        context.stop.clone(),
    );
    let hosts = Hosts::new(Arc::clone(&local), remote.clone(), context.hub.clone(), catalog);
    let workers: Vec<Box<dyn Worker>> = vec![Box::new(collector)];
    Ok(FeatureParts {
        namespaces: vec![cpumemdisk::namespace(&local.info().id)],
        forms: &cpumemdisk::FORMS,
        metrics: Some(Box::new(HostMetrics { local: Arc::clone(&local), parts: parts.clone() })),
        health: Some(Arc::new(LocalHealth { local, parts })),
        hosts: Some(Arc::new(hosts.clone())),
        tasks: remote::tasks(&remote),
        workers,
        routes: Box::new(move |all: &Assembly| {
            let simplest = axum::Router::new().route("/sse/cpumemdisk", bare(bare_topic));
            let simplest = simplest.with_state(all.live.clone());
            let page = HostsState {
                hosts: hosts.clone(),
                door: DoorState { accounts, pages: all.pages.clone(), tls },
            };
            let pages = page::routes().with_state(page);
            api::routes()
                .with_state(hosts)
                .merge(remote::routes().with_state(remote))
                .merge(pages)
                .merge(simplest)
        }),
        ..FeatureParts::default()
    })
}
