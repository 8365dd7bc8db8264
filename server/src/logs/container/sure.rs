//! An answer's lines of which it is sure that none before them is missing.
//!
//! Podman, which follows a container, leaves out some of the lines that it has not sent yet when the container ends. So its lines are held
//! until the container is seen to live still; those that came about its end are read again, by a question that follows nothing.

use std::time::Duration;

use container_engine::{
    Container, ContainerId, Engine, EngineError, EngineVersion, EventTime, State, logs::LogLine,
};
use tokio::time::{Instant, timeout_at};

use super::answer::Answer;

/// While lines come, the container is looked at so often.
const LOOK: Duration = Duration::from_millis(250);
/// At most so many lines are held, and not many more bytes.
const LINES: usize = 4_096;
const BYTES: usize = 1 << 20;

/// An answer's lines.
pub(super) struct SureLines {
    answer: Answer,
    /// The life to which the lines belong, where the answer may leave some out at its end.
    life: Option<Life>,
}

/// A life of a container.
struct Life {
    engine: Engine,
    version: EngineVersion,
    id: ContainerId,
    started_at: Option<EventTime>,
    looked: Instant,
    /// The lines since the last look.
    held: Vec<LogLine>,
}

impl SureLines {
    /// An answer that leaves nothing out.
    pub(super) fn all(answer: Answer) -> Self {
        Self { answer, life: None }
    }

    /// An answer that may leave lines out when this life ends.
    pub(super) fn of_life(
        answer: Answer,
        engine: Engine,
        version: EngineVersion,
        container: &Container,
    ) -> Self {
        let (id, started_at) = (container.id.clone(), container.started_at);
        let looked = Instant::now();
        Self { answer, life: Some(Life { engine, version, id, started_at, looked, held: Vec::new() }) }
    }

    /// The next lines, of which there is one at least; none at the end, and where lines may be missing.
    pub(super) async fn take(&mut self) -> Result<Option<Vec<LogLine>>, EngineError> {
        let Some(life) = &mut self.life else { return self.answer.take().await };
        let Some(first) = self.answer.take().await? else { return Ok(None) };
        life.held.extend(first);
        let look = life.looked + LOOK;
        while life.has_room() {
            match timeout_at(look, self.answer.take()).await {
                Ok(Ok(Some(more))) => life.held.extend(more),
                Ok(Ok(None)) => break,
                Ok(Err(error)) => return Err(error),
                Err(_) => break,
            }
        }
        life.looked = Instant::now();
        let found = life.engine.inspect(&life.version, &life.id).await?;
        // Nobody can be asked again for the lines of a container that is gone.
        let is_sure = found.is_none_or(|found| life.is_of(&found.container));
        Ok(is_sure.then(|| std::mem::take(&mut life.held)))
    }
}

impl Life {
    fn is_of(&self, container: &Container) -> bool {
        let ended = container.state.is_ended() || container.state == State::Removing;
        !ended && container.started_at == self.started_at
    }

    fn has_room(&self) -> bool {
        self.held.len() < LINES && self.held.iter().map(|line| line.text.len()).sum::<usize>() < BYTES
    }
}
