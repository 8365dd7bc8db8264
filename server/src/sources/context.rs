//! The parts of the server that sources need.

use std::sync::Arc;

use common::{Sample, Topic, host::HostId, series::SeriesValues};
use fanout::{Hub, PublishError};
use serde::Serialize;
use store::Store;
use tokio::sync::Semaphore;

use crate::{
    accounts::AccountDirectory, feature::StartContext, history::SeriesHistory,
    probing::exchange::ProbeExchange,
};

/// So many questions are under way at once; others wait.
const AT_ONCE: usize = 64;

/// The parts of the server that sources need; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct SourceContext {
    pub(super) hub: Hub,
    pub(super) accounts: AccountDirectory,
    pub(super) history: SeriesHistory,
    /// The probes that agents ask.
    pub(super) probes: ProbeExchange,
    /// A turn for each question.
    pub(super) turns: Arc<Semaphore>,
}

impl SourceContext {
    pub(super) fn new(start: &StartContext<'_>) -> Self {
        Self {
            hub: start.hub.clone(),
            accounts: start.accounts.clone(),
            history: start.history.clone(),
            probes: start.probes.clone(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.accounts.store()
    }

    /// Milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        self.hub.clock().unix_millis()
    }

    /// Returns true if this node asks: of several that share a log it is the first.
    pub(super) fn asks(&self) -> bool {
        self.hub.is_first_node()
    }

    /// Keeps numbers of a source of a host.
    pub(super) fn keep(&self, host: &HostId, source: u64, at: u64, values: SeriesValues) {
        self.history.record_source(host, source, &Sample { at, values, ..Sample::default() });
    }

    /// Publishes to a topic of sources. Who looks at it later reads it elsewhere, so a log that does not take it costs nobody anything.
    pub(super) fn publish(&self, topic: &Topic, news: &impl Serialize) {
        let told = serde_json::to_vec(news).map(|data| self.hub.publish(topic, data.into()));
        match told {
            Ok(Ok(_) | Err(PublishError::Closed)) => {}
            Ok(Err(error)) => tracing::debug!(%error, %topic, "news of a source are not published"),
            Err(error) => tracing::error!(%error, %topic, "news of a source cannot be written"),
        }
    }
}
