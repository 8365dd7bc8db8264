//! An engine's answer, as lines that were read together.

use container_engine::{EngineError, LogStream, logs::LogLine};
use futures_util::FutureExt;

use crate::logs::line::SourceLine;

/// At most so many lines, or bytes, are taken together.
const LINES: usize = 512;
const BYTES: usize = 64 << 10;

/// An engine's answer, of which lines are taken as they were read together.
pub(super) struct Answer {
    stream: LogStream,
    /// The error that comes after the lines before it.
    failed: Option<EngineError>,
}

impl Answer {
    pub(super) fn new(stream: LogStream) -> Self {
        Self { stream, failed: None }
    }

    /// Takes the lines of one read, each as `keep` makes it; none at the end. None of them may be wanted.
    pub(super) async fn take(
        &mut self,
        mut keep: impl FnMut(LogLine) -> Option<SourceLine>,
    ) -> Result<Option<Vec<SourceLine>>, EngineError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut lines = Vec::new();
        let (mut read, mut bytes) = (0, 0);
        let mut next = self.stream.next().await?;
        while let Some(line) = next {
            (read, bytes) = (read + 1, bytes + line.text.len());
            lines.extend(keep(line));
            if read >= LINES || bytes >= BYTES {
                break;
            }
            // No line is lost when the future is dropped.
            match self.stream.next().now_or_never() {
                Some(Ok(another)) => next = another,
                Some(Err(error)) => {
                    self.failed = Some(error);
                    break;
                }
                None => break,
            }
        }
        Ok((read > 0).then_some(lines))
    }
}
