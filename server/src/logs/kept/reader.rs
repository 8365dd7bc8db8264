//! Keeps one container's lines, from the last one that is kept to its end.

use std::{collections::HashMap, sync::Arc, time::Duration};

use common::{
    host::HostId,
    logs::{LogMark, LogSource},
};
use container_engine::ContainerId;
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
pub(super) async fn keep(logs: &KeptLogs, door: &EngineDoor, id: &ContainerId) -> Result<bool, KeepError> {
    let id = id.as_str();
    let lines = match ContainerLines::find(door, id).await {
        Ok(lines) => lines,
        Err(LogsError::NoSource(_) | LogsError::EngineAway(_)) => return Ok(is_connected(door)),
        Err(error) => return Err(error.into()),
    };
    let wanted = LogSource::Container(id.to_owned());
    let source =
        Source { host: HostId::local().to_string(), key: wanted.to_string(), name: lines.name().to_owned() };
    let (since, mut due) = last(logs.clone(), source.clone()).await?;
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
            if let Some(count) = due.get_mut(&line)
                && *count > 0
            {
                *count -= 1;
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

/// The time from which on lines are asked for, and those from then on that are kept already.
async fn last(
    logs: KeptLogs,
    source: Source,
) -> Result<(Option<u64>, HashMap<KeptLine, usize>), KeptLogsError> {
    let found = tokio::task::spawn_blocking(move || {
        let Some(last) = logs.last_at(&source) else { return Ok((None, HashMap::new())) };
        // Podman before 5.8 says whole seconds.
        let since = last.saturating_sub(DISORDER) / SECOND * SECOND;
        let mut kept = HashMap::new();
        for line in logs.newest(&source, since)? {
            *kept.entry(line).or_insert(0) += 1;
        }
        Ok((Some(since), kept))
    });
    found.await.unwrap_or_else(|_| Ok((None, HashMap::new())))
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
