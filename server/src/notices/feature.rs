//! The feature of notices: all that it adds to the server.

use std::{sync::Arc, time::Duration};

use fanout::{Retention, TopicKind, TopicPolicy, TopicQuota};
use transports::gate::RateLimiter;

use super::{
    announcer,
    api::{self, NoticesState},
    channel::NotificationChannel,
    live_topics::LiveTopics,
    metrics::{NoticeCounters, NoticeMetrics},
    operations, page,
    push::{self, PushQueue},
    service::Notices,
};
use crate::{
    accounts::DoorState,
    config::setting::Setting,
    feature::{Assembly, Feature, FeatureParts, StartContext},
    tasks::Task,
    topic_policies::policy,
};

pub(crate) const FEATURE: Feature =
    Feature { name: "notices", settings: SETTINGS, operations: operations::all, topic_policies, start };

const SETTINGS: &[Setting] = &[Setting::free("push.contact"), Setting::free("push.services")];

/// A connection that comes back after this long asks over REST what it has missed.
const AGE: Duration = Duration::from_secs(86_400);
/// The most accounts whose notices are told at once.
const PEOPLE: usize = 10_000;

fn topic_policies() -> Vec<TopicPolicy> {
    // Whoever begins reads the store: a snapshot would tell again what was read long ago.
    let told = |pattern, quota| {
        let retention = Retention { age: AGE, snapshot: 0, quota, ..Retention::entries(200) };
        policy(pattern, TopicKind::Log, retention)
    };
    vec![
        told("notices/all", TopicQuota::Reserved),
        told("notices/role/*", TopicQuota::AtMost(3)),
        told("notices/user/*", TopicQuota::AtMost(PEOPLE)),
    ]
}

/// Returns every way to tell readers. A new one is a line here.
fn channels(context: &StartContext<'_>, pushes: &PushQueue) -> Vec<Arc<dyn NotificationChannel>> {
    vec![Arc::new(LiveTopics(context.hub.clone())), Arc::new(pushes.clone())]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let counters = Arc::new(NoticeCounters::default());
    let live = LiveTopics(context.hub.clone());
    let accounts = context.accounts.clone();
    let pushes = PushQueue::new(accounts.clone());
    let notices = Notices::new(accounts.clone(), live, channels(context, &pushes), Arc::clone(&counters));
    let (announced, pruned) = (notices.clone(), notices.clone());
    let tasks = vec![
        Task::new("notices", move || announcer::announce(announced.clone())),
        Task::new("old notices", move || announcer::prune(pruned.clone())),
        Task::new("web push", move || push::run(pushes.clone())),
    ];
    let senders = Arc::new(RateLimiter::new(context.config.limits.publications_per_second));
    let tls = context.tls;
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        api::routes().merge(page::routes()).with_state(NoticesState { notices, door, senders })
    };
    Ok(FeatureParts {
        metrics: Some(Box::new(NoticeMetrics(counters, context.accounts.web_push().clone()))),
        tasks,
        routes: Box::new(routes),
        ..FeatureParts::default()
    })
}
