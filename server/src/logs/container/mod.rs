//! The lines of a container, by its engine.
//!
//! An engine reads from the beginning of what it keeps, unless it is asked for the newest lines: so those are asked for in growing numbers
//! until they reach back far enough. Docker applies `tail` before `since` and `until`; a tail counts pieces of long lines, and its first
//! piece may be the end of a line. Podman's tail leaves out empty lines, so it only says from which second on to read.

mod answer;
mod follow;
mod history;
mod sure;
mod window;

use std::sync::{Arc, atomic::AtomicU64};

use container_engine::{ContainerId, Engine, EngineVersion, EventTime};
use futures_util::{FutureExt, future::BoxFuture};

use super::{
    error::{LogsError, SourceError},
    line::SourceLine,
    plan::{Runs, Start},
    source::{LineReader, LineSource, Newest},
};
use crate::containers::{EngineDoor, EngineNow};

/// A container whose lines are read; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct ContainerLines {
    door: EngineDoor,
    id: ContainerId,
    name: String,
    created: Option<EventTime>,
    /// The size of the last window that reached back far enough; 0 for none.
    window: Arc<AtomicU64>,
}

impl ContainerLines {
    /// Looks for a container.
    ///
    /// # Errors
    /// When there is no engine, no such container, or no answer.
    pub(super) async fn find(door: &EngineDoor, id: &str) -> Result<Self, LogsError> {
        let none_such = || LogsError::NoSource(format!("there is no container {id}"));
        let id: ContainerId = id.parse().map_err(|_| none_such())?;
        let (engine, version) = match door.settled().await {
            EngineNow::Connected(engine, version) => (engine, version),
            EngineNow::Off(why) => {
                return Err(LogsError::NoSource(format!("there is no container engine: {why}")));
            }
            EngineNow::Away(why) => return Err(LogsError::EngineAway(why)),
        };
        let found = engine.inspect(&version, &id).await;
        let container =
            found.map_err(|error| LogsError::EngineAway(error.to_string()))?.ok_or_else(none_such)?.container;
        Ok(Self {
            door: door.clone(),
            id: container.id,
            name: container.name,
            created: container.created,
            window: Arc::default(),
        })
    }

    fn engine(&self) -> Result<(Engine, EngineVersion), SourceError> {
        match self.door.now() {
            EngineNow::Connected(engine, version) => Ok((engine, version)),
            EngineNow::Off(why) | EngineNow::Away(why) => {
                Err(SourceError(format!("the container engine does not answer now: {why}")))
            }
        }
    }

    /// True if the container has no line before this time.
    fn begins_after(&self, at: u64) -> bool {
        at == 0 || self.created.is_some_and(|created| microseconds(created) >= at)
    }
}

impl LineSource for ContainerLines {
    fn name(&self) -> &str {
        &self.name
    }

    fn newest(&self, wanted: Newest) -> BoxFuture<'_, Result<Runs, SourceError>> {
        window::newest(self, wanted).boxed()
    }

    fn open(
        &self,
        start: Start,
        until: u64,
        is_followed: bool,
    ) -> BoxFuture<'_, Result<Box<dyn LineReader>, SourceError>> {
        async move {
            let reader = history::History::open(self.clone(), start.at, until, is_followed).await?;
            Ok(Box::new(reader) as Box<dyn LineReader>)
        }
        .boxed()
    }
}

fn microseconds(time: EventTime) -> u64 {
    time.0 / 1_000
}

/// The first nanosecond of a microsecond.
fn from(at: u64) -> EventTime {
    EventTime(at.saturating_mul(1_000))
}

/// A line of an engine, and the time of one before it where it has none.
fn line(line: container_engine::logs::LogLine, before: u64) -> SourceLine {
    SourceLine {
        at: line.time.map_or(before, microseconds),
        stderr: line.stream == container_engine::logs::StdStream::Err,
        level: None,
        from: None,
        length: line.length,
        text: line.text,
    }
}
