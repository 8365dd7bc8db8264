//! An engine's answer, as lines that were read together.

use std::collections::VecDeque;

use container_engine::{EngineError, LogStream, logs::LogLine};
use futures_util::FutureExt;

use super::microseconds;
use crate::logs::source::DISORDER;

/// At most so many lines, or bytes, are taken together.
const LINES: usize = 512;
const BYTES: usize = 64 << 10;
/// A line is late by at most so many others.
pub(super) const LATE: usize = 1_000;

/// An engine's answer, of which lines are taken as they were read together.
pub(super) struct Answer {
    stream: LogStream,
    /// Lines that were looked at and not taken yet.
    begun: VecDeque<LogLine>,
    /// The error that comes after the lines before it.
    failed: Option<EngineError>,
}

impl Answer {
    pub(super) fn new(stream: LogStream) -> Self {
        Self { stream, begun: VecDeque::new(), failed: None }
    }

    /// The next line; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<LogLine>, EngineError> {
        match self.begun.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.stream.next().await,
        }
    }

    /// True if the answer, of the newest lines, begins so far before a time that no line of that time can be missing. Its first line is taken
    /// off: it may be the end of one.
    pub(super) async fn reaches(&mut self, at: u64) -> Result<bool, EngineError> {
        let time = |line: &LogLine| line.time.map(microseconds);
        let Some(first) = self.stream.next().await?.as_ref().and_then(time) else { return Ok(false) };
        if first >= at {
            return Ok(false);
        }
        while self.begun.len() < LATE {
            let Some(line) = self.stream.next().await? else { return Ok(first + DISORDER < at) };
            let of_line = time(&line).unwrap_or(first);
            self.begun.push_back(line);
            if of_line >= at || of_line > first + DISORDER {
                return Ok(first + DISORDER < at);
            }
        }
        Ok(true)
    }

    /// Takes the lines of one read, of which there is one at least; none at the end.
    pub(super) async fn take(&mut self) -> Result<Option<Vec<LogLine>>, EngineError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut lines = Vec::new();
        let mut bytes = 0;
        let mut next = self.next().await?;
        while let Some(line) = next {
            bytes += line.text.len();
            lines.push(line);
            if lines.len() >= LINES || bytes >= BYTES {
                break;
            }
            // No line is lost when the future is dropped.
            match self.next().now_or_never() {
                Some(Ok(another)) => next = another,
                Some(Err(error)) => {
                    self.failed = Some(error);
                    break;
                }
                None => break,
            }
        }
        Ok((!lines.is_empty()).then_some(lines))
    }
}
