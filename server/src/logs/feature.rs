//! The feature of logs: all that it adds to the server.

use std::sync::Arc;

use common::logs::LOGS;
use fanout::{TopicKind, TopicPolicy};
use tokio::sync::Semaphore;
use transports::gate::RateLimiter;

use super::{
    api::{self, LogsState, READERS},
    operations::operations,
    settings::SETTINGS,
    sources::HostSources,
};
use crate::{
    feature::{Feature, FeatureParts, StartContext},
    streams,
    topic_policies::policy,
};

pub(crate) const FEATURE: Feature =
    Feature { name: "logs", settings: SETTINGS, operations, topic_policies, start };

/// Streams of lines, with those that have just ended.
const STREAMS: usize = 1_000;

fn topic_policies() -> Vec<TopicPolicy> {
    vec![policy(&[LOGS, "/*/*"].concat(), TopicKind::Stream, streams::retention(STREAMS))]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let state = LogsState {
        hub: context.hub.clone(),
        streams: context.streams.clone(),
        sources: HostSources::new(
            context.engine.clone(),
            &context.config.logs,
            Arc::clone(context.hub.clock()),
        )?,
        places: Arc::new(Semaphore::new(READERS)),
        openers: Arc::new(RateLimiter::new(context.config.limits.publications_per_second)),
        stop: context.stop.clone(),
    };
    Ok(FeatureParts { routes: Box::new(move |_| api::routes().with_state(state)), ..FeatureParts::default() })
}
