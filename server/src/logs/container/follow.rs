//! Lines of a container as it writes them, over its restarts and those of its engine.
//!
//! An answer that follows ends with each life of a container, and breaks off with the engine. Then it is asked for again from the last
//! lines on, and as many equal ones are passed over as were told. There will be no more when the container had ended before it was asked
//! for last.

use std::time::Duration;

use container_engine::{
    Container, Engine, EngineError, EngineVersion, EventTime, Product, State,
    logs::{LogLine, LogQuery, Replay, ResumePoint},
};
use futures_util::{
    StreamExt,
    stream::{BoxStream, try_unfold},
};
use tokio::{sync::watch, time::timeout};

use super::{ContainerLines, answer::Answer, line, microseconds, sure::SureLines, window::Sizes};
use crate::{
    containers::EngineNow,
    logs::{error::SourceError, line::SourceLine},
};

/// A container or an engine that is not there for the moment is looked for again after this, if nothing is heard of the engine before.
const AGAIN: Duration = Duration::from_millis(500);

/// The newest lines come within this, or there are none.
const REACH: Duration = Duration::from_secs(2);

/// Returns the lines that come.
pub(super) fn lines(following: Following) -> BoxStream<'static, Result<Vec<SourceLine>, SourceError>> {
    try_unfold(following, |mut following| async move {
        Ok(following.next_lines().await?.map(|lines| (lines, following)))
    })
    .boxed()
}

/// Following a container.
pub(super) struct Following {
    source: ContainerLines,
    changes: watch::Receiver<EngineNow>,
    /// The lines that were told last.
    point: ResumePoint,
    /// The time from which on lines are wanted: the last lines are asked for with some before them.
    since: u64,
    at: u64,
    open: Option<OpenAnswer>,
    /// Lines at the end of an answer that have no end. They come again with the next answer, whole or not.
    unfinished: Vec<SourceLine>,
    /// True when there will be no more than those.
    is_over: bool,
}

/// An answer that goes on.
struct OpenAnswer {
    engine: Engine,
    version: EngineVersion,
    lines: SureLines,
    replay: Replay,
    /// The end of the container's last life, if it had none when this was asked for.
    had_ended: Option<EndedLife>,
}

/// A container that does not live.
#[derive(Debug, PartialEq, Eq)]
struct EndedLife(State, Option<EventTime>);

impl EndedLife {
    fn of(container: &Container) -> Option<Self> {
        let ended = container.state.is_ended() || container.state == State::Created;
        ended.then(|| Self(container.state.clone(), container.finished_at))
    }
}

impl Following {
    pub(super) fn new(source: ContainerLines, point: ResumePoint, since: u64) -> Self {
        let changes = source.door.changes();
        Self { source, changes, point, since, at: 0, open: None, unfinished: Vec::new(), is_over: false }
    }

    /// The next lines; none when there will be no more.
    async fn next_lines(&mut self) -> Result<Option<Vec<SourceLine>>, SourceError> {
        while !self.is_over {
            let Some(open) = &mut self.open else {
                self.is_over = !self.open_again().await?;
                continue;
            };
            match open.lines.take().await {
                Ok(Some(lines)) => {
                    let told = self.keep(lines);
                    if !told.is_empty() {
                        return Ok(Some(told));
                    }
                }
                Ok(None) => {
                    self.is_over = self.has_ended().await?;
                    self.open = None;
                }
                Err(error) => {
                    self.open = None;
                    self.wait_after(error).await?;
                }
            }
        }
        let last = std::mem::take(&mut self.unfinished);
        Ok((!last.is_empty()).then_some(last))
    }

    /// Keeps of these lines those that were not told.
    fn keep(&mut self, read: Vec<LogLine>) -> Vec<SourceLine> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let mut told = Vec::with_capacity(read.len());
        for read in read {
            if !open.replay.is_new(&read) {
                continue;
            }
            let is_open = read.is_open;
            if !is_open {
                self.point.note(&read);
            }
            let line = line(read, self.at);
            if line.at < self.since {
                continue;
            }
            if is_open {
                self.unfinished.push(line);
            } else {
                self.at = line.at;
                told.push(line);
            }
        }
        told
    }

    /// Reports after the end of an answer that there will be no more.
    async fn has_ended(&mut self) -> Result<bool, SourceError> {
        let Some(OpenAnswer { engine, version, had_ended, .. }) = &self.open else { return Ok(false) };
        match engine.inspect(version, &self.source.id).await {
            Ok(None) => Ok(true),
            Ok(Some(found)) => {
                let ended = EndedLife::of(&found.container);
                if ended.is_some() {
                    // It may have written more since the last answer began.
                    return Ok(ended == *had_ended);
                }
                // Between two lives, and where an engine ends an answer early.
                self.wait().await;
                Ok(false)
            }
            Err(error) => {
                self.wait_after(error).await?;
                Ok(false)
            }
        }
    }

    /// Asks for the lines from the last ones on. False when the container is gone.
    async fn open_again(&mut self) -> Result<bool, SourceError> {
        let (engine, version) = self.connected().await?;
        match ask(&self.source, &self.point, engine, version).await {
            Ok(open) => {
                self.unfinished.clear();
                self.open = Some(open);
            }
            Err(EngineError::NoSuchContainer | EngineError::Status { status: 404, .. }) => return Ok(false),
            Err(error) => self.wait_after(error).await?,
        }
        Ok(true)
    }

    /// The engine, when it answers.
    async fn connected(&mut self) -> Result<(Engine, EngineVersion), SourceError> {
        loop {
            let now = self.changes.borrow_and_update().clone();
            match now {
                EngineNow::Connected(engine, version) => return Ok((engine, version)),
                EngineNow::Off(why) => {
                    return Err(SourceError(format!("there is no container engine any more: {why}")));
                }
                EngineNow::Away(_) => self.wait_for_change().await?,
            }
        }
    }

    async fn wait_for_change(&mut self) -> Result<(), SourceError> {
        let closed = |_| SourceError("the server is stopping".to_owned());
        self.changes.changed().await.map_err(closed)
    }

    /// Waits after an error that passes; others are told.
    async fn wait_after(&mut self, error: EngineError) -> Result<(), SourceError> {
        match error {
            EngineError::Status { .. }
            | EngineError::NoSuchContainer
            | EngineError::Malformed(_)
            | EngineError::TooLarge(_)
            | EngineError::TooOld(_) => Err(error.into()),
            _ => {
                self.wait().await;
                Ok(())
            }
        }
    }

    async fn wait(&mut self) {
        // Either will do.
        let _ = timeout(AGAIN, self.changes.changed()).await;
    }
}

/// Asks for a container's lines from the last ones on.
async fn ask(
    source: &ContainerLines,
    point: &ResumePoint,
    engine: Engine,
    version: EngineVersion,
) -> Result<OpenAnswer, EngineError> {
    let found = engine.inspect(&version, &source.id).await?;
    let container = found.ok_or(EngineError::NoSuchContainer)?.container;
    let had_ended = EndedLife::of(&container);
    let lines = if version.product == Product::Docker {
        SureLines::all(ask_docker(source, point, &engine, &version).await?)
    } else {
        // It follows no container that has ended without leaving lines out.
        let follow = had_ended.is_none();
        let query = LogQuery { follow, tail: None, since: point.since(), until: None };
        let answer = Answer::new(engine.logs(&version, &source.id, &query).await?);
        if follow {
            SureLines::of_life(answer, engine.clone(), version.clone(), &container)
        } else {
            SureLines::all(answer)
        }
    };
    Ok(OpenAnswer { engine, version, lines, replay: point.replay(), had_ended })
}

/// Asks Docker for all lines from the last ones on. It would look for them from the beginning, so it is asked for the newest lines that
/// reach back to them.
async fn ask_docker(
    source: &ContainerLines,
    point: &ResumePoint,
    engine: &Engine,
    version: &EngineVersion,
) -> Result<Answer, EngineError> {
    let id = &source.id;
    let since = point.since();
    if let Some(last) = since {
        let mut sizes = Sizes::from(0);
        while let Some(size) = sizes.now() {
            let query = LogQuery { follow: true, tail: Some(size), ..LogQuery::default() };
            let mut answer = Answer::new(engine.logs(version, id, &query).await?);
            // A file that was begun anew has nothing to say until something is written.
            let reached = timeout(REACH, answer.reaches(microseconds(last))).await;
            if reached.unwrap_or(Ok(false))? {
                return Ok(answer);
            }
            sizes.grow();
        }
    }
    let query = LogQuery { follow: true, tail: None, since, until: None };
    engine.logs(version, id, &query).await.map(Answer::new)
}
