//! The feature of logs: all that it adds to the server.

use std::sync::Arc;

use common::logs::LOGS;
use fanout::{TopicKind, TopicPolicy};
use tokio::sync::Semaphore;
use transports::gate::RateLimiter;

use super::{
    api::{self, LogsState, READERS},
    kept, operations,
    settings::SETTINGS,
    sources::HostSources,
};
use crate::{
    feature::{Assembly, Feature, FeatureParts, StartContext},
    openapi::operation::Operation,
    streams,
    topic_policies::policy,
};

pub(crate) const FEATURE: Feature =
    Feature { name: "logs", settings: SETTINGS, operations, topic_policies, start };

fn operations() -> Vec<Operation> {
    operations::operations().into_iter().chain(kept::operations()).collect()
}

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
    let (tasks, kept) = kept::start(context)?;
    let routes = move |all: &Assembly| api::routes().with_state(state).merge(kept(all));
    Ok(FeatureParts { tasks, routes: Box::new(routes), ..FeatureParts::default() })
}
