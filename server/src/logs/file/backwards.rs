//! The newest lines of a file, read from its end in blocks.

use super::{BLOCK, FileLines, MAX_LINE, OpenFile, read_at};
use crate::logs::{error::SourceError, line::SourceLine, plan::Runs, source::Newest};

/// Looks for the newest lines. No more of the file is read than they take.
pub(super) fn newest(file: &FileLines, wanted: &Newest) -> Result<Runs, SourceError> {
    let opened = file.open_now()?;
    let mut found = FoundLines { file, opened: &opened, wanted, places: Vec::new(), is_enough: false };
    // The place behind the line that is looked for.
    let mut end = opened.length;
    let mut block_end = opened.length;
    let mut block = vec![0; BLOCK];
    while block_end > 0 && !found.is_enough {
        let begin = block_end.saturating_sub(BLOCK as u64);
        let length = usize::try_from(block_end - begin).unwrap_or(BLOCK);
        let bytes = read_all(&opened, &mut block[..length], begin).map_err(|error| file.failed(&error))?;
        for at in (0..bytes.len()).rev().filter(|at| bytes[*at] == b'\n') {
            let line = begin + at as u64 + 1;
            // Something behind the last end of a line is a line, too.
            if line < opened.length {
                found.take(line, end)?;
            }
            end = line - 1;
            if found.is_enough {
                break;
            }
        }
        block_end = begin;
    }
    if !found.is_enough && opened.length > 0 {
        found.take(0, end)?;
    }
    let mut runs = Runs::default();
    for (offset, at) in found.places.into_iter().rev() {
        runs.add(at);
        runs.places.push(offset);
    }
    Ok(runs)
}

/// The lines that were found, the newest first: the place and the time of each.
struct FoundLines<'a> {
    file: &'a FileLines,
    opened: &'a OpenFile,
    wanted: &'a Newest,
    places: Vec<(u64, u64)>,
    is_enough: bool,
}

impl FoundLines<'_> {
    /// Takes the line between two places.
    fn take(&mut self, offset: u64, end: u64) -> Result<(), SourceError> {
        let at = self.file.times.of(&self.file.name, self.opened.id, offset);
        self.is_enough = at < self.wanted.since;
        if self.is_enough || at > self.wanted.until {
            return Ok(());
        }
        if self.wanted.filter.is_any() {
            let length = usize::try_from(end.saturating_sub(offset)).unwrap_or(MAX_LINE).min(MAX_LINE);
            let mut text = vec![0; length];
            let read = read_all(self.opened, &mut text, offset).map_err(|error| self.file.failed(&error))?;
            let text = read.strip_suffix(b"\r").unwrap_or(read).to_vec();
            if !self.wanted.filter.passes(&SourceLine { text, ..SourceLine::default() }) {
                return Ok(());
            }
        }
        self.places.push((offset, at));
        self.is_enough = self.places.len() as u64 >= self.wanted.count.max(1);
        Ok(())
    }
}

/// Reads as much as there is, up to the buffer's length.
fn read_all<'a>(opened: &OpenFile, buffer: &'a mut [u8], offset: u64) -> std::io::Result<&'a [u8]> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_at(&opened.file, &mut buffer[filled..], offset + filled as u64)? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(&buffer[..filled])
}
