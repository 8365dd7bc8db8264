//! The feature of chat: all that it adds to the server.

use std::{sync::Arc, time::Duration};

use fanout::{Retention, TopicKind, TopicPolicy, TopicQuota};

use super::{Chat, api, post::Posts, presence::Announcements};
use crate::{
    feature::{Feature, FeatureParts, StartContext},
    tasks::Task,
    topic_policies::{latest, own, policy},
};

pub(crate) const FEATURE: Feature =
    Feature { name: "chat", settings: &[], operations: api::operations, topic_policies, start };

/// A room keeps its messages for this long.
const AGE: Duration = Duration::from_secs(30 * 86_400);

pub(super) fn topic_policies() -> Vec<TopicPolicy> {
    // A connection that opens begins with the newest 200.
    let room = |pattern, quota| {
        let retention = Retention { age: AGE, snapshot: 200, quota, ..Retention::entries(10_000) };
        policy(pattern, TopicKind::Log, retention)
    };
    vec![
        own("rooms"),
        own("presence/lobby"),
        room("chat/lobby", TopicQuota::Reserved),
        room("chat/*", TopicQuota::AtMost(500)),
        latest("presence/*", 500),
    ]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let chat = Chat::new(context.hub.clone(), context.config.limits.connections_per_address);
    let presence = chat.clone();
    Ok(FeatureParts {
        inbound: vec![
            ("chat/*", Arc::new(Posts(chat.clone()))),
            ("presence/*", Arc::new(Announcements(chat.clone()))),
        ],
        tasks: vec![Task::new("presence", move || presence.clone().keep())],
        routes: Box::new(|_| api::routes().with_state(chat)),
        ..FeatureParts::default()
    })
}
