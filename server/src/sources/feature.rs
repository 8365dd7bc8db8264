//! The feature of sources: all that it adds to the server.

use common::{probe::PROBE_NEWS, target::TARGET_NEWS};
use fanout::TopicPolicy;

use super::{
    context::SourceContext,
    news,
    probes::{self, ProbesState, probes},
    targets::{self, TargetsState, targets},
};
use crate::{
    accounts::DoorState,
    feature::{Assembly, Feature, FeatureParts, StartContext},
    openapi::operation::Operation,
    tasks::Task,
    topic_policies::latest,
};

pub(crate) const FEATURE: Feature =
    Feature { name: "sources", settings: &[], operations, topic_policies, start };

fn operations() -> Vec<Operation> {
    probes::operations().into_iter().chain(probes::uptime_operations()).chain(targets::operations()).collect()
}

fn topic_policies() -> Vec<TopicPolicy> {
    vec![latest("probe/*", store::SOURCES), latest(PROBE_NEWS, 1), latest(TARGET_NEWS, 1)]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let (accounts, tls) = (context.accounts.clone(), context.tls);
    let made = || SourceContext::new(context);
    // Each kind has turns of its own: endpoints that hang hold up no probe.
    let (probes, targets, sources) = (probes(made()), targets(made()), made());
    let tasks = vec![
        Task::new("probes", {
            let probes = probes.clone();
            move || probes.clone().follow()
        }),
        Task::new("targets", {
            let targets = targets.clone();
            move || targets.clone().follow()
        }),
        Task::new("probe news", {
            let sources = sources.clone();
            move || news::tell(sources.clone(), PROBE_NEWS)
        }),
        Task::new("target news", move || news::tell(sources.clone(), TARGET_NEWS)),
    ];
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        let probes = ProbesState { probes, door: door.clone() };
        let targets = TargetsState { targets, door };
        probes::api_routes()
            .merge(probes::uptime_routes())
            .merge(probes::page_routes())
            .with_state(probes)
            .merge(targets::api_routes().merge(targets::page_routes()).with_state(targets))
    };
    Ok(FeatureParts { tasks, routes: Box::new(routes), ..FeatureParts::default() })
}
