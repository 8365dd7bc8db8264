//! The agent's sink of its machine's containers: news become lines that wait in their order, and usage lines among the measurements.

use std::{io, sync::Arc, time::Duration};

use common::container::{ContainerNews, ContainersUsage, EngineState};
use container_engine::EventTime;
use fanout::Clock;
use parking_lot::Mutex;

use super::{
    news_queue::NewsQueue,
    sink::AgentSink,
    spool::{Lines, Portion, SpoolPlace},
    wire::{ContainersKnown, ReportLine},
};
use crate::containers::{ContainerTable, NewsSink, UsageSink};

/// A line of usage has at most so many containers: a server publishes it as one message, and a way may take no long reports.
const USED: usize = 200;

/// The sink of an agent's containers; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct ContainerReports {
    clock: Arc<dyn Clock>,
    table: ContainerTable,
    queue: Arc<Mutex<NewsQueue>>,
    sink: Arc<AgentSink>,
}

impl ContainerReports {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        table: ContainerTable,
        queue: NewsQueue,
        sink: Arc<AgentSink>,
    ) -> Self {
        Self { clock, table, queue: Arc::new(Mutex::new(queue)), sink }
    }

    /// Returns the place of the oldest news.
    pub(super) fn begin(&self) -> SpoolPlace {
        self.queue.lock().begin()
    }

    /// Returns the place behind the newest news.
    pub(super) fn end(&self) -> SpoolPlace {
        self.queue.lock().end()
    }

    /// Reads news from a place on.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn read(&self, from: SpoolPlace, most: Portion) -> io::Result<Lines> {
        self.queue.lock().read(from, most)
    }

    /// Forgets the news before a place.
    pub(super) fn take(&self, place: SpoolPlace) {
        self.queue.lock().take(place);
    }

    /// Takes note of a server that was started anew.
    pub(super) fn meet_server(&self) {
        self.queue.lock().meet_server();
    }

    /// Takes note of an answer: a server that has no list is told it.
    pub(super) fn answered(&self, known: ContainersKnown) {
        let now_ms = self.clock.unix_millis();
        let is_listed = known == ContainersKnown::Listed;
        let is_due = self.queue.lock().answered(is_listed, now_ms);
        if is_due {
            return self.push_list();
        }
        // An engine that may not be read has no list, and an empty one would take away what an earlier run has told.
        let engine = self.table.engine();
        if !is_listed && engine.state == EngineState::Away && self.queue.lock().owes_engine() {
            self.push(ContainerNews::Engine(engine));
        }
    }

    fn push_list(&self) {
        // The table is read while nothing else is put in: what changes it then stands behind the list.
        let mut queue = self.queue.lock();
        let (engine, all) = self.table.snapshot();
        tell_failure(queue.push_list(&engine, all));
        drop(queue);
        self.sink.grown.notify_one();
    }

    fn push(&self, news: ContainerNews) {
        tell_failure(self.queue.lock().push(news));
        self.sink.grown.notify_one();
    }
}

fn tell_failure(pushed: io::Result<()>) {
    if let Err(error) = pushed {
        tracing::error!(%error, "news of containers cannot be kept until they are sent, and are lost");
    }
}

impl NewsSink for ContainerReports {
    fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    fn last_told(&self) -> Option<EventTime> {
        self.queue.lock().last_event()
    }

    async fn tell(&self, news: ContainerNews) {
        match &news {
            // A server cannot ask for it.
            ContainerNews::Listed => self.push_list(),
            ContainerNews::Engine(status) => {
                let why = status.why.as_deref().unwrap_or_default();
                tracing::info!(state = ?status.state, "the container engine: {why}");
                // Without an engine there are no containers, whatever an earlier run has told.
                if status.state == EngineState::Off { self.push_list() } else { self.push(news) }
            }
            _ => self.push(news),
        }
    }

    async fn tell_list(&self, changes: Vec<ContainerNews>) {
        if !self.queue.lock().has_listed() {
            return self.push_list();
        }
        for news in changes {
            self.tell(news).await;
        }
    }
}

impl UsageSink for ContainerReports {
    const STEP: Duration = Duration::from_secs(60);

    fn now_ms(&self) -> u64 {
        self.clock.unix_millis()
    }

    fn is_watched(&self) -> bool {
        self.sink.is_usage_watched()
    }

    fn tell_usage(&self, mut usage: ContainersUsage) {
        usage.containers.truncate(USED);
        self.sink.keep(&ReportLine::ContainerUsage(usage));
    }

    fn keep_usage(&self, usage: ContainersUsage) {
        for containers in usage.containers.chunks(USED) {
            let part = ContainersUsage { at: usage.at, containers: containers.to_vec() };
            self.sink.keep(&ReportLine::ContainerPast(part));
        }
    }
}
