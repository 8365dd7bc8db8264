//! The server's sink of its own machine's containers: the log, and the last hour of their usage.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::{
    Topic,
    container::{ContainerNews, ContainersUsage},
    host::HostId,
};
use container_engine::EventTime;
use fanout::{Clock, Hub, PublishError};
use parking_lot::Mutex;
use tokio::time::sleep;

use super::{
    history::{STEP, UsageHistory},
    news,
    publish::publish,
    sink::{NewsSink, UsageSink},
    table::ContainerTable,
};
use crate::watchers::Watchers;

/// News that the log did not take are given to it again after this.
const AGAIN: Duration = Duration::from_secs(1);
/// So many of the newest entries are looked through for the last event.
const NEWEST: usize = 200;

/// The sink of this machine; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct HubSink {
    hub: Hub,
    topic: Topic,
    usage_topic: Topic,
    table: ContainerTable,
    history: UsageHistory,
    watchers: Arc<Mutex<Watchers>>,
}

impl HubSink {
    pub(super) fn new(hub: Hub, table: ContainerTable, history: UsageHistory) -> Self {
        let host = HostId::local();
        let usage_topic = host.containers_usage_topic();
        let watchers = Arc::new(Mutex::new(Watchers::new(hub.clone(), usage_topic.clone())));
        Self { hub, topic: host.containers_topic(), usage_topic, table, history, watchers }
    }
}

impl NewsSink for HubSink {
    fn clock(&self) -> &Arc<dyn Clock> {
        self.hub.clock()
    }

    fn last_told(&self) -> Option<EventTime> {
        let page = self.hub.history(&self.topic, None, NEWEST);
        page.entries.iter().rev().find_map(|entry| {
            match serde_json::from_slice::<ContainerNews>(&entry.data) {
                // An event that only the list has told is none of the engine's.
                Ok(ContainerNews::Event(event)) if !event.is_late => news::time_of(&event.time),
                _ => None,
            }
        })
    }

    // Of several nodes the first tells of its machine.
    async fn tell(&self, news: ContainerNews) {
        if !self.hub.is_first_node() {
            return;
        }
        loop {
            match publish(&self.hub, &self.topic, &news, None).await {
                // The server may be stopping.
                Ok(()) | Err(PublishError::Closed) => return,
                Err(error) => {
                    tracing::warn!(%error, "news of containers wait for the log");
                    sleep(AGAIN).await;
                }
            }
        }
    }

    async fn tell_list(&self, changes: Vec<ContainerNews>) {
        for news in changes {
            self.tell(news).await;
        }
    }
}

impl UsageSink for HubSink {
    const STEP: Duration = STEP;

    fn now_ms(&self) -> u64 {
        self.hub.clock().unix_millis()
    }

    fn is_watched(&self) -> bool {
        self.watchers.lock().are_there(Instant::now()) && self.hub.is_first_node()
    }

    fn tell_usage(&self, usage: ContainersUsage) {
        match serde_json::to_vec(&usage) {
            Ok(payload) => {
                if let Err(error) = self.hub.publish(&self.usage_topic, payload.into()) {
                    tracing::debug!(%error, "the usage of containers was not published");
                }
            }
            Err(error) => tracing::error!(%error, "the usage of containers cannot be told"),
        }
    }

    fn keep_usage(&self, usage: ContainersUsage) {
        self.history.add(usage.at, &usage.containers, |id| self.table.has(id));
    }
}
