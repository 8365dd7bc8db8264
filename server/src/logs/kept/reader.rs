//! Keeps one container's lines, from the last one that is kept to its end.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use common::{
    host::HostId,
    logs::{LogMark, LogSource},
};
use container_engine::ContainerId;
use fanout::Clock;
use futures_util::StreamExt;
use kept_logs::{KeptLine, KeptLogs, KeptLogsError, Source, kept_time};
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    containers::{EngineDoor, EngineNow},
    logs::{
        container::ContainerLines,
        error::{LogsError, SourceError},
        line_query::{LineFilter, LineQuery},
        reading,
        source::{DISORDER, LineSource},
    },
};

/// Lines wait for others for at most this long, and so many bytes of them for none.
const WAIT: Duration = Duration::from_secs(1);
const ENOUGH: usize = 256 << 10;
/// Lines that the disk did not take are given to it again after this. The container's engine has those that come meanwhile.
const AGAIN: Duration = Duration::from_secs(10);
const SECOND: u64 = 1_000_000;

/// The reason for which a container is not read on.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeepError {
    #[error(transparent)]
    NotFound(#[from] LogsError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Kept(#[from] KeptLogsError),
}

/// Keeps a container's lines to its end. False where the engine was away: it tells of the container when it is back.
pub(super) async fn keep(
    logs: &KeptLogs,
    door: &EngineDoor,
    id: &ContainerId,
    clock: &dyn Clock,
) -> Result<bool, KeepError> {
    let id = id.as_str();
    let lines = match ContainerLines::find(door, id).await {
        Ok(lines) => lines,
        Err(LogsError::NoSource(_) | LogsError::EngineAway(_)) => return Ok(is_connected(door)),
        Err(error) => return Err(error.into()),
    };
    let wanted = LogSource::Container(id.to_owned());
    let source =
        Source { host: HostId::local().to_string(), key: wanted.to_string(), name: lines.name().to_owned() };
    let now = u64::try_from(clock.unix_time().as_micros()).unwrap_or(u64::MAX);
    let (since, mut due) = last(logs.clone(), source.clone(), now).await?;
    let query = LineQuery {
        sources: vec![wanted],
        follow: true,
        tail: None,
        since: since.map(|at| LogMark { at, seen: 0 }),
        until: None,
        filter: LineFilter::default(),
    };
    let mut lines = reading::lines(vec![Arc::new(lines)], query);
    let mut waiting = Vec::new();
    let (mut bytes, mut until) = (0, Instant::now());
    loop {
        let next = tokio::select! {
            biased;
            next = lines.next() => next,
            () = sleep_until(until), if !waiting.is_empty() => {
                append(logs, &source, std::mem::take(&mut waiting)).await;
                bytes = 0;
                continue;
            }
        };
        let read = match next {
            Some(Ok(read)) => read,
            ended => {
                append(logs, &source, waiting).await;
                return match ended {
                    Some(Err(error)) if is_connected(door) => Err(error.into()),
                    Some(Err(_)) => Ok(false),
                    _ => Ok(true),
                };
            }
        };
        if waiting.is_empty() {
            until = Instant::now() + WAIT;
        }
        for (_, line) in read {
            let line = line.to_wire(0, usize::MAX);
            let line =
                KeptLine { at: kept_time(line.at), stderr: line.stderr, cut: line.cut, text: line.text };
            if due.is_kept(&line) {
                continue;
            }
            bytes += line.text.len();
            waiting.push(line);
        }
        if bytes >= ENOUGH || (Instant::now() >= until && !waiting.is_empty()) {
            append(logs, &source, std::mem::take(&mut waiting)).await;
            bytes = 0;
        }
    }
}

fn is_connected(door: &EngineDoor) -> bool {
    matches!(door.now(), EngineNow::Connected(..))
}

/// Lines that are kept already and come again: a digest of each, for they may be all of a container, and how often it is kept.
#[derive(Default)]
struct Due {
    digests: RandomState,
    kept: HashMap<u64, u32>,
}

impl Due {
    fn add(&mut self, line: &KeptLine) {
        *self.kept.entry(self.digests.hash_one(line)).or_default() += 1;
    }

    /// Reports that a line that comes is one of them, which then is due once less.
    fn is_kept(&mut self, line: &KeptLine) -> bool {
        if self.kept.is_empty() {
            return false;
        }
        let digest = self.digests.hash_one(line);
        let Some(count) = self.kept.get_mut(&digest) else { return false };
        *count -= 1;
        if *count == 0 {
            self.kept.remove(&digest);
        }
        true
    }
}

/// The time from which on lines are asked for, and those from then on that are kept already. Where all that are kept are later than now, a clock
/// was wrong: lines are asked for from the first on, for those that come are earlier than those that are kept.
async fn last(logs: KeptLogs, source: Source, now: u64) -> Result<(Option<u64>, Due), KeptLogsError> {
    let found = tokio::task::spawn_blocking(move || {
        // Podman before 5.8 says whole seconds.
        let since = logs.last_at(&source, now).map(|last| last.saturating_sub(DISORDER) / SECOND * SECOND);
        let mut due = Due::default();
        logs.newest(&source, since.unwrap_or(0), |line| due.add(&line))?;
        if since.is_none() && !due.kept.is_empty() {
            tracing::warn!(container = %source.name, "its kept lines are all later than the clock of now: it is read from its first line on");
        }
        Ok((since, due))
    });
    found.await.unwrap_or_else(|_| Ok((None, Due::default())))
}

/// Keeps lines, when the disk takes them.
async fn append(logs: &KeptLogs, source: &Source, lines: Vec<KeptLine>) {
    if lines.is_empty() {
        return;
    }
    let lines = Arc::new(lines);
    loop {
        let (kept, of, these) = (logs.clone(), source.clone(), Arc::clone(&lines));
        let appended = tokio::task::spawn_blocking(move || kept.append(&of, these.to_vec())).await;
        match appended {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::warn!(%error, container = %source.name, "its lines wait for the disk"),
            Err(error) => return tracing::error!(%error, container = %source.name, "lines were not kept"),
        }
        sleep(AGAIN).await;
    }
}
