//! A file's lines from a place on.

use super::{BLOCK, FileLines, MAX_LINE, OpenFile, read_at};
use crate::logs::{error::SourceError, line::SourceLine};

/// Reads a file forwards.
#[derive(Debug)]
pub(super) struct ForwardReader {
    pub(super) lines: FileLines,
    pub(super) opened: OpenFile,
    /// The next byte that is read.
    pub(super) offset: u64,
    open: OpenLine,
    /// The time of the last line.
    at: u64,
    buffer: Vec<u8>,
}

/// The line that is being read.
#[derive(Debug, Default)]
struct OpenLine {
    offset: u64,
    text: Vec<u8>,
    length: u64,
}

impl ForwardReader {
    pub(super) fn new(lines: FileLines, opened: OpenFile, offset: u64) -> Self {
        let open = OpenLine { offset, ..OpenLine::default() };
        Self { lines, opened, offset, open, at: 0, buffer: vec![0; BLOCK] }
    }

    /// Passes over the rest of the line that it is in.
    pub(super) fn skip_line(&mut self) -> Result<(), SourceError> {
        loop {
            let read = read_at(&self.opened.file, &mut self.buffer, self.offset);
            let read = read.map_err(|error| self.lines.failed(&error))?;
            let end = self.buffer[..read].iter().position(|byte| *byte == b'\n');
            self.offset += end.map_or(read, |end| end + 1) as u64;
            self.open.offset = self.offset;
            if end.is_some() || read == 0 {
                return Ok(());
            }
        }
    }

    /// Reads on, up to a place. Returns the lines that are whole, and false at the place or at the file's end.
    pub(super) fn read(&mut self, end: u64) -> Result<(Vec<SourceLine>, bool), SourceError> {
        let mut lines = Vec::new();
        let room = usize::try_from(end.saturating_sub(self.offset)).unwrap_or(BLOCK).min(BLOCK);
        let read = read_at(&self.opened.file, &mut self.buffer[..room], self.offset);
        let read = read.map_err(|error| self.lines.failed(&error))?;
        let buffer = std::mem::take(&mut self.buffer);
        let mut rest = &buffer[..read];
        while let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
            self.append(&rest[..length]);
            rest = &rest[length + 1..];
            self.offset += 1;
            lines.push(self.finish());
        }
        self.append(rest);
        self.buffer = buffer;
        Ok((lines, read > 0))
    }

    /// The line that has no end, if there is one.
    pub(super) fn rest(&mut self) -> Option<SourceLine> {
        (self.open.length > 0).then(|| self.finish())
    }

    fn append(&mut self, bytes: &[u8]) {
        let room = (MAX_LINE - self.open.text.len()).min(bytes.len());
        self.open.text.extend_from_slice(&bytes[..room]);
        self.open.length += bytes.len() as u64;
        self.offset += bytes.len() as u64;
    }

    fn finish(&mut self) -> SourceLine {
        let next = OpenLine { offset: self.offset, ..OpenLine::default() };
        let OpenLine { offset, mut text, mut length } = std::mem::replace(&mut self.open, next);
        // Windows ends lines by two bytes.
        if text.len() as u64 == length && text.pop_if(|byte| *byte == b'\r').is_some() {
            length -= 1;
        }
        // Of a file that is replaced the last lines have no time of their own.
        self.at = self.at.max(self.lines.times.of(&self.lines.name, self.opened.id, offset));
        SourceLine { at: self.at, text, length, ..SourceLine::default() }
    }
}
