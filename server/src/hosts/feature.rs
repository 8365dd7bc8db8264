//! The feature of the watched machines: all that it adds to the server.

use std::sync::Arc;

use common::host::HostId;
use fanout::TopicPolicy;
use transports::sse::server::bare;

use super::{
    api, catalog, collector, cpumemdisk, health::LocalHealth, list::Hosts, metrics::HostMetrics,
    settings::SETTINGS,
};
use crate::{
    feature::{Assembly, Feature, FeatureParts, StartContext},
    tasks::Worker,
    topic_policies::{latest, own},
};

pub(crate) const FEATURE: Feature =
    Feature { name: "hosts", settings: SETTINGS, operations: api::operations, topic_policies, start };

/// The topics of one host.
const KINDS: [&str; 4] = ["metrics", "system", "processes", "cpumemdisk"];

fn topic_policies() -> Vec<TopicPolicy> {
    let of_this = KINDS.map(|kind| own(&format!("host/{}/{kind}", HostId::local())));
    let of_others = KINDS.map(|kind| latest(&format!("host/*/{kind}"), 500));
    of_this.into_iter().chain(of_others).collect()
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let settings = context.config.collect.settings(context.config.prober.clone());
    let catalog = catalog::served(&context.config.thresholds);
    let collector = collector::start(context.hub.clone(), settings, context.history.clone(), catalog)?;
    let local = Arc::clone(collector.local());
    let bare_topic = local.info().id.bare_topic();
    let hosts = Hosts::new(Arc::clone(&local), context.hub.clone(), catalog);
    let workers: Vec<Box<dyn Worker>> = vec![Box::new(collector)];
    Ok(FeatureParts {
        namespaces: vec![cpumemdisk::namespace(&local.info().id)],
        forms: &cpumemdisk::FORMS,
        metrics: Some(Box::new(HostMetrics(Arc::clone(&local)))),
        health: Some(Arc::new(LocalHealth(local))),
        hosts: Some(Arc::new(hosts.clone())),
        workers,
        routes: Box::new(move |all: &Assembly| {
            let simplest = axum::Router::new().route("/sse/cpumemdisk", bare(bare_topic));
            api::routes().with_state(hosts).merge(simplest.with_state(all.live.clone()))
        }),
        ..FeatureParts::default()
    })
}
