//! Answers without an end: events, statistics, lines.

use std::fmt;

use bytes::{Buf, Bytes, BytesMut};
use futures_util::future::BoxFuture;

use crate::{
    error::EngineError,
    event::{self, EngineEvent, KeyedEvent},
    http::Answer,
    logs::{FrameDecoder, LineAssembler, LogLine},
    stats,
    usage::Reading,
    version::{EngineVersion, Product},
};

/// The longest line of JSON that is read. A container with all its labels has less.
const MAX_JSON: usize = 1024 * 1024;

/// An answer that has begun, or whose head is still held back.
pub(crate) enum Opening {
    Waiting(BoxFuture<'static, Result<Answer, EngineError>>),
    Open(Answer),
    Ended,
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting(_) => "Waiting",
            Self::Open(_) => "Open",
            Self::Ended => "Ended",
        })
    }
}

impl Opening {
    /// The next bytes; none after the end. No bytes are lost when the future is dropped.
    async fn chunk(&mut self) -> Result<Option<Bytes>, EngineError> {
        loop {
            match self {
                Self::Waiting(answer) => match answer.await {
                    Ok(answer) => *self = Self::Open(answer),
                    Err(error) => {
                        *self = Self::Ended;
                        return Err(error);
                    }
                },
                Self::Open(answer) => {
                    let chunk = answer.chunk().await;
                    if !matches!(chunk, Ok(Some(_))) {
                        *self = Self::Ended;
                    }
                    return chunk;
                }
                Self::Ended => return Ok(None),
            }
        }
    }
}

/// Lines of JSON out of bytes.
#[derive(Debug, Default)]
struct JsonLines {
    buffer: BytesMut,
    /// Up to here no end of a line is in the buffer.
    searched: usize,
    /// True inside of a line that is too long, whose rest is passed over.
    is_skipping: bool,
    skipped: u64,
}

impl JsonLines {
    fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next line that is whole. One that is too long is passed over and counted.
    fn pop(&mut self) -> Option<BytesMut> {
        loop {
            let end = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n');
            let Some(end) = end.map(|end| end + self.searched) else {
                self.searched = self.buffer.len();
                if self.searched > MAX_JSON {
                    self.skipped += u64::from(!std::mem::replace(&mut self.is_skipping, true));
                    self.clear();
                }
                return None;
            };
            let line = self.buffer.split_to(end);
            self.buffer.advance(1);
            self.searched = 0;
            if std::mem::take(&mut self.is_skipping) {
                continue;
            }
            if line.len() > MAX_JSON {
                self.skipped += 1;
            } else if !line.iter().all(u8::is_ascii_whitespace) {
                return Some(line);
            }
        }
    }

    fn clear(&mut self) {
        self.buffer = BytesMut::new();
        self.searched = 0;
    }
}

/// An answer that has an object in each line.
#[derive(Debug)]
struct Objects {
    opening: Opening,
    lines: JsonLines,
    unread: u64,
}

impl Objects {
    fn new(opening: Opening) -> Self {
        Self { opening, lines: JsonLines::default(), unread: 0 }
    }

    /// The next object that `parse` makes something of; none after the end. One that it cannot read is counted. No object is lost when the
    /// future is dropped.
    async fn next<T, E>(
        &mut self,
        parse: impl Fn(&[u8]) -> Result<Option<T>, E>,
    ) -> Result<Option<T>, EngineError> {
        loop {
            while let Some(line) = self.lines.pop() {
                match parse(&line) {
                    Ok(Some(read)) => return Ok(Some(read)),
                    Ok(None) => {}
                    Err(_) => self.unread += 1,
                }
            }
            match self.opening.chunk().await? {
                Some(bytes) => self.lines.push(&bytes),
                None => return Ok(None),
            }
        }
    }

    /// The lines that could not be read, or were too long for that.
    fn unread(&self) -> u64 {
        self.unread + self.lines.skipped
    }
}

/// The events of an engine.
#[derive(Debug)]
pub struct EventStream(Objects);

impl EventStream {
    pub(crate) fn new(opening: Opening) -> Self {
        Self(Objects::new(opening))
    }

    /// The next event; none when the engine has ended the stream properly. No event is lost when the future is dropped.
    ///
    /// # Errors
    /// When the stream was cut, or the engine answered by an error. The stream is over then.
    pub async fn next(&mut self) -> Result<Option<EngineEvent>, EngineError> {
        while let Some(keyed) = self.next_keyed().await? {
            if keyed.event.is_some() {
                return Ok(keyed.event);
            }
        }
        Ok(None)
    }

    /// The next event with its key, also one of a type that is not read.
    pub(crate) async fn next_keyed(&mut self) -> Result<Option<KeyedEvent>, EngineError> {
        self.0.next(|line| event::parse_keyed(line).map(Some)).await
    }

    /// The lines that were no events, or too long to be read.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.0.unread()
    }
}

/// The statistics of a container.
#[derive(Debug)]
pub struct StatsStream {
    objects: Objects,
    version: EngineVersion,
}

impl StatsStream {
    pub(crate) fn new(opening: Opening, version: EngineVersion) -> Self {
        Self { objects: Objects::new(opening), version }
    }

    /// The next reading; none when the stream has ended: the container is gone or, with Podman, stopped. Objects without a measurement, which
    /// Docker sends of a stopped container each second, are passed over. No object is lost when the future is dropped.
    ///
    /// # Errors
    /// When the stream was cut, or the engine answered by an error. The stream is over then.
    pub async fn next(&mut self) -> Result<Option<Reading>, EngineError> {
        self.objects.next(|line| stats::parse_stats(line, &self.version)).await
    }

    /// The lines that were no statistics, or too long to be read.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.objects.unread()
    }
}

/// The lines of a container.
#[derive(Debug)]
pub struct LogStream {
    opening: Opening,
    /// None with a terminal.
    frames: Option<FrameDecoder>,
    lines: LineAssembler,
    has_ended: bool,
    /// The error that comes after the lines before it.
    error: Option<EngineError>,
}

impl LogStream {
    pub(crate) fn new(opening: Opening, product: Product, has_terminal: bool) -> Self {
        let frames = (!has_terminal).then(FrameDecoder::default);
        Self { opening, frames, lines: LineAssembler::new(product), has_ended: false, error: None }
    }

    /// The next line; none after the end: that of the container, or of its history. No line is lost when the future is dropped.
    ///
    /// # Errors
    /// When the stream was cut, its frames cannot be read, or the engine answered by an error. All lines before that come first.
    pub async fn next(&mut self) -> Result<Option<LogLine>, EngineError> {
        loop {
            if let Some(line) = self.lines.pop() {
                return Ok(Some(line));
            }
            if self.has_ended {
                return self.error.take().map_or(Ok(None), Err);
            }
            match self.opening.chunk().await {
                Ok(Some(bytes)) => {
                    if let Err(error) = self.read(&bytes) {
                        self.end(Some(error));
                    }
                }
                Ok(None) => {
                    let is_cut = self.frames.as_ref().is_some_and(FrameDecoder::is_inside);
                    self.end(is_cut.then_some(EngineError::Cut));
                }
                Err(error) => self.end(Some(error)),
            }
        }
    }

    fn read(&mut self, mut bytes: &[u8]) -> Result<(), EngineError> {
        let Some(frames) = &mut self.frames else {
            self.lines.push_raw(bytes);
            return Ok(());
        };
        while let Some(part) =
            frames.next_part(&mut bytes).map_err(|error| EngineError::malformed(error.to_string()))?
        {
            self.lines.push_part(part);
        }
        Ok(())
    }

    fn end(&mut self, error: Option<EngineError>) {
        self.lines.finish(self.frames.is_none());
        self.has_ended = true;
        self.error = error;
        self.opening = Opening::Ended;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{JsonLines, MAX_JSON};

    fn lines(chunks: &[&[u8]]) -> (Vec<Vec<u8>>, u64) {
        let mut lines = JsonLines::default();
        let mut found = Vec::new();
        for chunk in chunks {
            lines.push(chunk);
            while let Some(line) = lines.pop() {
                found.push(line.to_vec());
            }
        }
        (found, lines.skipped)
    }

    #[test]
    fn a_line_that_never_ends_costs_a_bound_and_the_next_is_read() {
        let chunk = vec![b'x'; 64 * 1024];
        let mut chunks: Vec<&[u8]> = vec![&chunk; 100];
        chunks.push(b"\n{}\n");
        assert_eq!(lines(&chunks), (vec![b"{}".to_vec()], 1));
        let long = [vec![b'x'; MAX_JSON + 1], b"\n{}\n".to_vec()].concat();
        assert_eq!(lines(&[&long]), (vec![b"{}".to_vec()], 1));
    }

    proptest! {
        #[test]
        fn lines_come_back_in_any_chunks(wanted in proptest::collection::vec("[a-z]{1,20}", 0..8), size in 1_usize..30) {
            let bytes: String = wanted.iter().map(|line| format!("{line}\n\r\n")).collect();
            let chunks: Vec<&[u8]> = bytes.as_bytes().chunks(size).collect();
            let (found, skipped) = lines(&chunks);
            prop_assert_eq!(skipped, 0);
            prop_assert_eq!(found, wanted.iter().map(|line| line.as_bytes().to_vec()).collect::<Vec<_>>());
        }
    }
}
