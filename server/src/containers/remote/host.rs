//! The containers of one host that an agent reports for.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use common::{
    Cursor, Topic,
    container::{
        ContainerHistory, ContainerInfo, ContainerList, ContainerNews, ContainersUsage, EngineState,
        EngineStatus,
    },
    host::HostId,
};
use fanout::{Hub, IdempotencyKey, PublishError};
use parking_lot::Mutex;

use super::super::{history::UsageHistory, publish::publish, table::ContainerTable};
use super::{
    bounds::{self, CONTAINERS},
    lines::{ContainerListPart, NumberedNews},
};
use crate::watchers::Watchers;

/// The time from one point of the last hour to the next, as agents tell it.
const STEP: Duration = Duration::from_secs(60);
/// The runs of an agent whose lines are told apart from those that came before.
const RUNS: usize = 16;
/// Usage that is older than this when it comes is kept, and not told as news, milliseconds.
const RECENT: u64 = 60_000;
/// The reason that is told while nothing is heard of the agent.
const SILENT: &str = "The agent of this host is not heard.";

/// The containers of a host.
#[derive(Debug)]
pub(crate) struct HostContainers {
    host: HostId,
    hub: Hub,
    topic: Topic,
    usage_topic: Topic,
    pub(in super::super) table: ContainerTable,
    history: UsageHistory,
    watchers: Mutex<Watchers>,
    state: Mutex<ReportedState>,
    /// Lines of one report at a time: an agent may have two connections.
    order: tokio::sync::Mutex<()>,
}

/// The state of what was heard so far.
#[derive(Debug, Default)]
struct ReportedState {
    /// The newest lines that were taken, by run; the newest run last.
    taken: VecDeque<(u64, u64)>,
    /// The parts of a list whose last one has not come.
    begun: Option<BegunList>,
    /// True once the agent has told its list, to this run of the server.
    is_listed: bool,
    /// True while more has changed than the log was told.
    owes_list: bool,
    /// The moment since when nothing was heard of the agent; none while it is there.
    silent_since: Option<u64>,
    /// The time of the newest usage that was told.
    newest_usage: u64,
}

#[derive(Debug)]
struct BegunList {
    run: u64,
    next: u32,
    containers: Vec<ContainerInfo>,
}

/// Why a line is not taken.
#[derive(Debug)]
pub(crate) enum LineError {
    /// It never will be; the text says why.
    Invalid(String),
    /// The log does not take it now.
    Later(PublishError),
}

impl HostContainers {
    /// Those of a host of which nothing was heard yet, or not since the server started.
    pub(super) fn new(host: HostId, hub: Hub, heard_ms: Option<u64>) -> Self {
        let (topic, usage_topic) = (host.containers_topic(), host.containers_usage_topic());
        let silent_since = Some(heard_ms.unwrap_or_else(|| hub.clock().unix_millis()));
        Self {
            host,
            topic,
            table: ContainerTable::new(hub.clock().clone()),
            history: UsageHistory::new(STEP),
            watchers: Mutex::new(Watchers::new(hub.clone(), usage_topic.clone())),
            usage_topic,
            state: Mutex::new(ReportedState { silent_since, ..ReportedState::default() }),
            order: tokio::sync::Mutex::new(()),
            hub,
        }
    }

    /// Says if the agent has told its list to this run of the server.
    pub(crate) fn is_listed(&self) -> bool {
        self.state.lock().is_listed
    }

    /// Says if its agent has told of an engine, to this run of the server; one that may not be read is one, too.
    pub(crate) fn has_engine(&self) -> bool {
        let state = self.table.engine().state;
        matches!(state, EngineState::Connected | EngineState::Away) || !self.table.is_empty()
    }

    /// Says if someone looks at the usage now.
    pub(crate) fn is_watched(&self) -> bool {
        self.watchers.lock().are_there(Instant::now())
    }

    /// Waits until no other report of this host is being taken.
    pub(crate) async fn order(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.order.lock().await
    }

    /// Takes a part of the list.
    ///
    /// # Errors
    /// When it is refused, or cannot be told now.
    pub(crate) async fn take_list(&self, part: ContainerListPart, now_ms: u64) -> Result<(), LineError> {
        let (run, number) = (part.run, part.number);
        if !self.is_new(run, number) {
            return Ok(());
        }
        let engine = bounds::engine(part.engine.clone(), now_ms);
        let whole = self.assemble(part);
        // A part that is refused is not asked for again.
        self.note(run, number);
        let Some(containers) = whole.map_err(LineError::Invalid)? else { return Ok(()) };
        let changes = self.table.replace_told(engine, containers);
        self.state.lock().is_listed = true;
        for (index, news) in changes.iter().enumerate() {
            let told = self.tell(news, key(run, number, index)).await;
            if told.is_err() {
                // The line is not sent again: the list is, to whoever asks for it then.
                self.state.lock().owes_list = true;
            }
        }
        Ok(())
    }

    /// Puts a part to those before it. Returns the whole once it is.
    fn assemble(&self, part: ContainerListPart) -> Result<Option<Vec<ContainerInfo>>, String> {
        let mut state = self.state.lock();
        let begun = state.begun.take();
        let mut begun = match begun {
            _ if part.part == 0 => BegunList { run: part.run, next: 0, containers: Vec::new() },
            Some(begun) if begun.run == part.run && begun.next == part.part => begun,
            _ => return Err("it is a part of a list whose beginning has not come".to_owned()),
        };
        if begun.containers.len() + part.containers.len() > CONTAINERS {
            return Err(format!("a host has at most {CONTAINERS} containers here"));
        }
        for one in part.containers {
            begun.containers.push(bounds::container(one)?);
        }
        begun.next += 1;
        if begun.next >= part.parts {
            return Ok(Some(begun.containers));
        }
        state.begun = Some(begun);
        Ok(None)
    }

    /// Takes news.
    ///
    /// # Errors
    /// When they are refused, or cannot be told now.
    pub(crate) async fn take_news(&self, line: NumberedNews, now_ms: u64) -> Result<(), LineError> {
        let NumberedNews { run, number, news } = line;
        if !self.is_new(run, number) {
            return Ok(());
        }
        let news = match bounds::news(news, now_ms).and_then(|news| self.has_room(&news).map(|()| news)) {
            Ok(news) => news,
            Err(why) => {
                self.note(run, number);
                return Err(LineError::Invalid(why));
            }
        };
        // The table first: whoever is told finds it there.
        self.table.apply(&news);
        // The agent sends a line again that the log does not take now.
        self.tell(&news, key(run, number, 0)).await.map_err(LineError::Later)?;
        self.note(run, number);
        Ok(())
    }

    fn has_room(&self, news: &ContainerNews) -> Result<(), String> {
        let id = match news {
            ContainerNews::Event(event) => event.container.as_ref().map(|one| &one.id),
            ContainerNews::Changed { container } => Some(&container.id),
            _ => None,
        };
        match id {
            Some(id) if self.table.len() >= CONTAINERS && !self.table.has(id) => {
                Err(format!("a host has at most {CONTAINERS} containers here"))
            }
            _ => Ok(()),
        }
    }

    /// Takes what containers use now. It is news by the agent's own clock, as of its other measurements.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) fn take_usage(
        &self,
        usage: ContainersUsage,
        now_ms: u64,
        agent_ms: u64,
    ) -> Result<(), LineError> {
        let usage = self.own(usage, now_ms)?;
        {
            let mut state = self.state.lock();
            // A clock that was set back begins anew.
            if state.newest_usage > agent_ms.saturating_add(RECENT) {
                state.newest_usage = 0;
            }
            if usage.at <= state.newest_usage || usage.at < agent_ms.saturating_sub(RECENT) {
                return Ok(());
            }
            state.newest_usage = usage.at;
        }
        let payload = serde_json::to_vec(&usage).map_err(|error| LineError::Invalid(error.to_string()))?;
        if let Err(error) = self.hub.publish(&self.usage_topic, payload.into()) {
            tracing::debug!(%error, host = %self.host, "the usage of containers was not published");
        }
        Ok(())
    }

    /// Keeps what containers have used over a minute.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) fn take_past(&self, usage: ContainersUsage, now_ms: u64) -> Result<(), LineError> {
        let usage = self.own(usage, now_ms)?;
        if usage.at.saturating_add(3_600_000) > now_ms {
            self.history.add(usage.at, &usage.containers, |id| self.table.has(id));
        }
        Ok(())
    }

    /// Returns what is said of containers that are known.
    fn own(&self, usage: ContainersUsage, now_ms: u64) -> Result<ContainersUsage, LineError> {
        bounds::usage(usage, now_ms, |id| self.table.has(id)).map_err(LineError::Invalid)
    }

    /// Takes note whether the agent is heard, and when it was last. Whoever follows its containers is told when that changes.
    pub(crate) async fn set_heard(&self, is_heard: bool, heard_ms: Option<u64>) {
        let has_changed = {
            let mut state = self.state.lock();
            let silent_since =
                (!is_heard).then(|| heard_ms.unwrap_or_else(|| self.hub.clock().unix_millis()));
            let has_changed = state.silent_since.is_some() == is_heard;
            if has_changed {
                state.silent_since = silent_since;
            }
            has_changed && state.is_listed
        };
        if has_changed && self.tell(&ContainerNews::Engine(self.engine()), None).await.is_err() {
            self.state.lock().owes_list = true;
        }
    }

    /// Returns the engine, as far as its agent is heard.
    pub(in super::super) fn engine(&self) -> EngineStatus {
        let engine = self.table.engine();
        match self.state.lock().silent_since {
            None => engine,
            Some(since_ms) => EngineStatus {
                state: EngineState::Away,
                since_ms,
                product: engine.product,
                why: Some(SILENT.to_owned()),
            },
        }
    }

    /// Returns the containers, for a reader who goes on from this place in the log.
    pub(in super::super) fn list(&self, cores: usize, cursor: Cursor) -> ContainerList {
        let list = self.table.list(self.host.clone(), cores, cursor);
        ContainerList { engine: self.engine(), ..list }
    }

    /// Returns the past of a container.
    pub(in super::super) fn history(&self, id: &str) -> ContainerHistory {
        self.history.of(id)
    }

    async fn tell(&self, news: &ContainerNews, key: Option<IdempotencyKey>) -> Result<(), PublishError> {
        if self.state.lock().owes_list {
            publish(&self.hub, &self.topic, &ContainerNews::Listed, None).await?;
            self.state.lock().owes_list = false;
        }
        publish(&self.hub, &self.topic, news, key).await
    }

    /// Says if a line was not taken before.
    fn is_new(&self, run: u64, number: u64) -> bool {
        let state = self.state.lock();
        state.taken.iter().all(|(known, taken)| *known != run || *taken < number)
    }

    fn note(&self, run: u64, number: u64) {
        let mut state = self.state.lock();
        match state.taken.iter_mut().find(|(known, _)| *known == run) {
            Some((_, taken)) => *taken = number.max(*taken),
            None => {
                state.taken.push_back((run, number));
                if state.taken.len() > RUNS {
                    state.taken.pop_front();
                }
            }
        }
    }
}

/// The key that makes news one entry of the log, however often their line comes.
fn key(run: u64, number: u64, index: usize) -> Option<IdempotencyKey> {
    format!("agent-{run:x}-{number}-{index}").parse().ok()
}
