//! The feature of containers: all that it adds to the server.

use std::{sync::Arc, time::Duration};

use common::host::HostId;
use fanout::{Retention, TopicKind, TopicPolicy, TopicQuota};

use super::{
    api,
    api_state::ContainersState,
    engine_usage::EngineUsage,
    follow::{self, Followed},
    history::{STEP, UsageHistory},
    hub_sink::HubSink,
    settings::SETTINGS,
    table::ContainerTable,
    usage,
};
use crate::{
    accounts::DoorState,
    feature::{Assembly, Feature, FeatureParts, StartContext},
    tasks::Task,
    topic_policies::{latest, own, policy},
};

pub(crate) const FEATURE: Feature =
    Feature { name: "containers", settings: SETTINGS, operations: api::operations, topic_policies, start };

/// Events are told for so long.
const AGE: Duration = Duration::from_secs(7 * 86_400);

fn topic_policies() -> Vec<TopicPolicy> {
    // A connection that opens begins with the newest 200.
    let told = |pattern: &str, quota| {
        let retention = Retention { age: AGE, snapshot: 200, quota, ..Retention::entries(5_000) };
        policy(pattern, TopicKind::Log, retention)
    };
    vec![
        told(HostId::local().containers_topic().as_str(), TopicQuota::Reserved),
        own(HostId::local().containers_usage_topic().as_str()),
        told("docker/*", TopicQuota::AtMost(store::HOSTS)),
        latest("docker/*/usage", store::HOSTS),
    ]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let hub = context.hub.clone();
    let table = ContainerTable::new(Arc::clone(hub.clock()));
    let history = UsageHistory::new(STEP);
    let sink = HubSink::new(hub.clone(), table.clone(), history.clone());
    let followed =
        Followed::new(sink.clone(), table.clone(), context.engine.clone(), &context.config.containers)?;
    let used = (sink, table.clone(), EngineUsage::new(context.engine.clone()));
    let tasks = vec![
        Task::new("containers", move || follow::follow(followed.clone())),
        Task::new("usage of containers", move || {
            usage::measure(used.0.clone(), used.1.clone(), used.2.clone())
        }),
    ];
    let (engine, actions) = (context.engine.clone(), context.config.containers.actions);
    let (accounts, tls) = (context.accounts.clone(), context.tls);
    let remote = context.containers.clone();
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        api::routes().with_state(ContainersState { hub, table, history, remote, engine, door, actions })
    };
    Ok(FeatureParts { tasks, routes: Box::new(routes), ..FeatureParts::default() })
}
