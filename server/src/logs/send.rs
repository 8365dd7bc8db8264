//! Lines into a finite stream.

use std::time::Duration;

use common::logs::LogLine;
use futures_util::StreamExt;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{error::SourceError, reading::MergedLines};
use crate::streams::{StreamError, StreamWriter};

/// Lines wait for others for at most this long.
const WAIT: Duration = Duration::from_millis(50);
/// So many bytes of lines wait for no others.
const ENOUGH: usize = 64 << 10;

/// Sends the lines, until there are no more or nobody wants them. An item's text is at most so long as JSON writes it.
pub(super) async fn send(writer: StreamWriter, lines: MergedLines, longest: usize, stop: CancellationToken) {
    let result = tokio::select! {
        biased;
        // The source ends with its lines.
        () = writer.given_up() => return,
        () = stop.cancelled() => Ok(Err(SourceError("the server is stopping".to_owned()))),
        result = send_all(&writer, lines, longest) => result,
    };
    let ended = match result {
        Ok(Ok(())) => writer.complete().await,
        Ok(Err(error)) => writer.fail(error.to_string()).await,
        Err(StreamError::Ended(_)) => return,
        Err(error) => writer.fail(format!("a line could not be told: {error}")).await,
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a stream of lines has no end");
    }
}

async fn send_all(
    writer: &StreamWriter,
    mut lines: MergedLines,
    longest: usize,
) -> Result<Result<(), SourceError>, StreamError> {
    let mut waiting: Vec<LogLine> = Vec::new();
    let (mut bytes, mut due) = (0, Instant::now());
    loop {
        let next = tokio::select! {
            biased;
            next = lines.next() => next,
            () = sleep_until(due), if !waiting.is_empty() => {
                writer.send(&waiting).await?;
                waiting.clear();
                bytes = 0;
                continue;
            }
        };
        let read = match next {
            Some(Ok(read)) => read,
            ended => {
                writer.send(&waiting).await?;
                return Ok(ended.transpose().map(drop));
            }
        };
        if waiting.is_empty() {
            due = Instant::now() + WAIT;
        }
        for (source, line) in read {
            let line = line.to_wire(source, longest);
            bytes += line.text.len();
            waiting.push(line);
        }
        // Lines that never stop coming are not waited for, either.
        if bytes >= ENOUGH || Instant::now() >= due {
            writer.send(&waiting).await?;
            waiting.clear();
            bytes = 0;
        }
    }
}
