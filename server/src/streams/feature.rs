//! The feature of finite streams: all that it adds to the server.

use std::{sync::Arc, time::Duration};

use common::stream::{STREAM_NEWS, STREAMS};
use fanout::{Retention, TopicKind, TopicPolicy, TopicQuota};
use transports::gate::RateLimiter;

use super::{
    api::{self, StreamsState},
    live_stream::WINDOW,
    page,
    registry::MOST,
};
use crate::{
    accounts::DoorState,
    feature::{Assembly, Feature, FeatureParts, StartContext},
    tasks::Task,
    topic_policies::policy,
};

pub(crate) const FEATURE: Feature =
    Feature { name: "streams", settings: &[], operations: api::operations, topic_policies, start };

/// The bounds of a stream in memory. Writers wait at half of them, and a stream lives no longer than its entries without a word from its
/// writer, so what is dropped was read, or nobody was there.
pub(crate) fn retention(streams: usize) -> Retention {
    Retention {
        age: Duration::from_secs(2 * 3_600),
        bytes: 2 * WINDOW,
        quota: TopicQuota::AtMost(streams),
        ..Retention::entries(1 << 15)
    }
}

fn topic_policies() -> Vec<TopicPolicy> {
    vec![
        policy(&[STREAMS, "/*"].concat(), TopicKind::Stream, retention(2 * MOST)),
        policy(
            STREAM_NEWS,
            TopicKind::Latest,
            Retention { quota: TopicQuota::Reserved, ..Retention::entries(1) },
        ),
    ]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let streams = context.streams.clone();
    let writers = Arc::new(RateLimiter::new(context.config.limits.publications_per_second));
    let longest = context.hub.settings().publication_bytes;
    let (accounts, tls, of_routes) = (context.accounts.clone(), context.tls, streams.clone());
    let routes = move |all: &Assembly| {
        let door = DoorState { accounts, pages: all.pages.clone(), tls };
        let state = StreamsState { streams: of_routes, writers, longest, door };
        api::routes().merge(page::routes()).with_state(state)
    };
    Ok(FeatureParts {
        tasks: vec![Task::new("streams", move || streams.clone().tend())],
        routes: Box::new(routes),
        ..FeatureParts::default()
    })
}
