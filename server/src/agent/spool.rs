//! The lines that the server has not taken yet, on disk: files of whole lines, numbered. What is sent and taken is removed.
//!
//! A line is there once `write` has returned: the end of the process loses nothing, and the end of the machine what the system had not
//! written yet. A line that was cut is left out. Beyond its bound the oldest file goes.

use std::{
    collections::VecDeque,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// A file is ended when it has so many bytes.
const FILE_BYTES: u64 = 256 << 10;

/// A place between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct SpoolPlace {
    file: u64,
    offset: u64,
}

/// Lines that wait.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    most_bytes: u64,
    /// The files before the open one, the oldest first.
    sealed: VecDeque<SpoolFile>,
    open: SpoolFile,
    file: File,
    /// Everything before it was taken.
    taken: SpoolPlace,
    /// The bytes that were given up.
    lost_bytes: u64,
}

#[derive(Debug, Clone, Copy)]
struct SpoolFile {
    number: u64,
    bytes: u64,
}

/// The most that is read at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portion {
    pub(super) bytes: usize,
    pub(super) lines: usize,
}

/// Lines of a spool, and the place behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) bytes: Vec<u8>,
    count: usize,
    pub(super) end: SpoolPlace,
}

fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:016}.ndjson"))
}

impl Spool {
    /// Opens the folder, which it makes where there is none.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub(super) fn open(folder: &Path, most_bytes: u64) -> io::Result<Self> {
        // Lines name programs and accounts.
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let mut sealed: Vec<SpoolFile> = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".ndjson")?.parse().ok());
            if let Some(number) = number {
                sealed.push(SpoolFile { number, bytes: entry.metadata()?.len() });
            }
        }
        sealed.sort_unstable_by_key(|file| file.number);
        let number = sealed.last().map_or(1, |last| last.number + 1);
        let first = sealed.first().map_or(number, |first| first.number);
        let mut spool = Self {
            folder: folder.to_owned(),
            most_bytes,
            sealed: sealed.into(),
            open: SpoolFile { number, bytes: 0 },
            file: create(folder, number)?,
            taken: SpoolPlace { file: first, offset: 0 },
            lost_bytes: 0,
        };
        spool.keep_bound();
        Ok(spool)
    }

    /// Adds a line, which has no end of line in it.
    ///
    /// # Errors
    /// When it cannot be written: the disk is full. Nothing of it is there then.
    pub(super) fn push(&mut self, line: &[u8]) -> io::Result<()> {
        let whole = [line, b"\n"].concat();
        if let Err(error) = self.file.write_all(&whole) {
            // A part of it may be there.
            self.file.set_len(self.open.bytes)?;
            self.file.seek(SeekFrom::End(0))?;
            return Err(error);
        }
        self.open.bytes += whole.len() as u64;
        self.keep_bound();
        // This file goes on, should no other be made.
        if self.open.bytes >= FILE_BYTES
            && let Err(error) = self.rotate()
        {
            tracing::debug!(%error, "no new file of waiting lines");
        }
        Ok(())
    }

    /// Returns the place behind the newest line.
    pub(super) fn end(&self) -> SpoolPlace {
        SpoolPlace { file: self.open.number, offset: self.open.bytes }
    }

    /// Returns the place of the oldest line that was not taken.
    pub(super) fn taken(&self) -> SpoolPlace {
        self.taken
    }

    /// Returns the bytes that were given up for the bound, since it was opened.
    pub(super) fn lost_bytes(&self) -> u64 {
        self.lost_bytes
    }

    /// Reads whole lines between two places, at most `most` of them, but one line at least. Lines that are not there any more are left out.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn read(&self, from: SpoolPlace, to: SpoolPlace, most: Portion) -> io::Result<Lines> {
        let mut lines = Lines { bytes: Vec::new(), count: 0, end: from.max(self.taken) };
        while lines.end < to && lines.bytes.len() < most.bytes && lines.count < most.lines {
            let Some(length) = self.length(lines.end.file) else {
                lines.end = self.next_file(lines.end.file).min(to);
                continue;
            };
            let until = if to.file == lines.end.file { to.offset.min(length) } else { length };
            let room = (most.bytes - lines.bytes.len()) as u64;
            let mut whole = match self.whole_lines(lines.end, until, room) {
                Ok(whole) => whole,
                // One that the disk does not give back holds up no other.
                Err(error) if lines.end.file != self.open.number => {
                    tracing::warn!(%error, file = lines.end.file, "a file of waiting lines cannot be read and is left out");
                    lines.end = self.next_file(lines.end.file).min(to);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let ends =
                whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
            let (count, length) =
                ends.take(most.lines - lines.count).fold((0, 0), |(count, _), end| (count + 1, end));
            whole.truncate(length);
            if lines.count > 0 && length as u64 > room {
                // The next line does not fit.
                break;
            }
            lines.count += count;
            lines.end.offset += whole.len() as u64;
            // Without a whole line, the rest of the file is one that was cut.
            let is_over = lines.end.offset >= until || whole.is_empty();
            lines.bytes.extend(whole);
            if is_over {
                if lines.end.file >= to.file {
                    lines.end = to.max(lines.end);
                    break;
                }
                lines.end = self.next_file(lines.end.file).min(to);
            }
        }
        Ok(lines)
    }

    /// Reads whole lines of one file: as many as fit, or the first one where none does.
    fn whole_lines(&self, from: SpoolPlace, until: u64, room: u64) -> io::Result<Vec<u8>> {
        let sealed;
        let file = if from.file == self.open.number {
            &self.file
        } else {
            sealed = File::open(path(&self.folder, from.file))?;
            &sealed
        };
        let rest = until.saturating_sub(from.offset);
        let mut bytes = read_at(file, from.offset, rest.min(room))?;
        if !bytes.contains(&b'\n') {
            let read = bytes.len() as u64;
            bytes.extend(read_at(file, from.offset + read, rest.saturating_sub(read))?);
            bytes.truncate(bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1));
            return Ok(bytes);
        }
        bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
        Ok(bytes)
    }

    /// Forgets everything before a place.
    pub(super) fn take(&mut self, place: SpoolPlace) {
        self.taken = self.taken.max(place.min(self.end()));
        while let Some(oldest) = self.sealed.front().copied()
            && oldest.number < self.taken.file
        {
            self.sealed.pop_front();
            self.remove(oldest.number);
        }
        if self.taken == self.end() && self.open.bytes > 0 {
            // A file that is empty again costs no other one. Where it cannot be made, this one goes on.
            if let Err(error) = self.rotate() {
                tracing::debug!(%error, "no new file of waiting lines");
                return;
            }
            self.taken = self.end();
            while let Some(oldest) = self.sealed.pop_front() {
                self.remove(oldest.number);
            }
        }
    }

    fn rotate(&mut self) -> io::Result<()> {
        let number = self.open.number + 1;
        self.file = create(&self.folder, number)?;
        self.sealed.push_back(std::mem::replace(&mut self.open, SpoolFile { number, bytes: 0 }));
        Ok(())
    }

    fn keep_bound(&mut self) {
        let bytes = |spool: &Self| spool.sealed.iter().map(|file| file.bytes).sum::<u64>() + spool.open.bytes;
        while bytes(self) > self.most_bytes
            && let Some(oldest) = self.sealed.pop_front()
        {
            self.remove(oldest.number);
            let next = self.next_file(oldest.number);
            if self.taken < next {
                let sent = if self.taken.file == oldest.number { self.taken.offset } else { 0 };
                self.lost_bytes += oldest.bytes - sent.min(oldest.bytes);
                self.taken = next;
            }
        }
    }

    fn remove(&self, number: u64) {
        let file = path(&self.folder, number);
        if let Err(error) = fs::remove_file(&file) {
            tracing::warn!(%error, file = %file.display(), "a file of lines that were taken cannot be removed");
        }
    }

    fn length(&self, number: u64) -> Option<u64> {
        if number == self.open.number {
            return Some(self.open.bytes);
        }
        self.sealed.iter().find(|file| file.number == number).map(|file| file.bytes)
    }

    /// Returns the beginning of the file behind one.
    fn next_file(&self, number: u64) -> SpoolPlace {
        let later = self.sealed.iter().map(|file| file.number).find(|later| *later > number);
        SpoolPlace { file: later.unwrap_or(self.open.number), offset: 0 }
    }
}

/// Reads so many bytes of a file from a place on, or what there is of them.
fn read_at(file: &File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read_at(&mut bytes[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

fn create(folder: &Path, number: u64) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path(folder, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: usize = 1 << 20;
    const ALL: Portion = Portion { bytes: usize::MAX, lines: usize::MAX };

    fn texts(lines: &Lines) -> Vec<String> {
        String::from_utf8_lossy(&lines.bytes).lines().map(str::to_owned).collect()
    }

    fn all(spool: &Spool) -> Vec<String> {
        texts(&spool.read(spool.taken(), spool.end(), ALL).expect("it is read"))
    }

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder).expect("a folder").count()
    }

    #[test]
    fn lines_come_in_their_order_and_go_once_they_are_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::open(folder.path(), 1 << 30).expect("it opens");
        for number in 0..10 {
            spool.push(format!("line {number}").as_bytes()).expect("it is written");
        }
        let lines = spool.read(spool.taken(), spool.end(), Portion { bytes: 24, ..ALL }).expect("it is read");
        assert_eq!(texts(&lines), ["line 0", "line 1", "line 2"]);
        let three = spool.read(spool.taken(), spool.end(), Portion { lines: 3, ..ALL }).expect("it is read");
        assert_eq!(three, lines);
        spool.take(lines.end);
        assert_eq!(all(&spool), (3..10).map(|number| format!("line {number}")).collect::<Vec<_>>());
        spool.take(spool.end());
        assert!(all(&spool).is_empty());
        assert_eq!(files(folder.path()), 1);
    }

    #[test]
    fn a_line_that_is_longer_than_a_reading_is_read_alone_and_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::open(folder.path(), 1 << 30).expect("it opens");
        let long = "x".repeat(300_000);
        spool.push(long.as_bytes()).expect("it is written");
        spool.push(b"short").expect("it is written");
        let lines =
            spool.read(spool.taken(), spool.end(), Portion { bytes: 100, ..ALL }).expect("it is read");
        assert_eq!(texts(&lines), [long]);
        let next = spool.read(lines.end, spool.end(), Portion { bytes: 100, ..ALL }).expect("it is read");
        assert_eq!((texts(&next), next.end), (vec!["short".to_owned()], spool.end()));
    }

    #[test]
    fn a_process_that_ends_loses_nothing_but_a_line_that_was_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::open(folder.path(), 1 << 30).expect("it opens");
        for number in 0..3 {
            spool.push(format!("line {number}").as_bytes()).expect("it is written");
        }
        drop(spool);
        let file =
            fs::read_dir(folder.path()).expect("a folder").next().expect("a file").expect("an entry").path();
        OpenOptions::new()
            .append(true)
            .open(&file)
            .and_then(|mut file| file.write_all(b"{\"cut"))
            .expect("cut");
        let mut spool = Spool::open(folder.path(), 1 << 30).expect("it opens");
        spool.push(b"after").expect("it is written");
        assert_eq!(all(&spool), ["line 0", "line 1", "line 2", "after"]);
        spool.take(spool.end());
        assert!(all(&spool).is_empty());
    }

    #[test]
    fn beyond_the_bound_the_oldest_lines_go_and_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::open(folder.path(), MANY as u64).expect("it opens");
        let line = |number: usize| format!("{number:0999}");
        for number in 0..2_000 {
            spool.push(line(number).as_bytes()).expect("it is written");
        }
        let kept = all(&spool);
        assert_eq!(kept.last(), Some(&line(1_999)));
        assert_eq!(kept[0], line(2_000 - kept.len()), "no hole");
        assert!(kept.len() * 1_000 <= MANY && kept.len() * 1_000 > MANY / 2, "{}", kept.len());
        assert_eq!(spool.lost_bytes(), (2_000 - kept.len() as u64) * 1_000);
    }

    #[test]
    fn what_came_between_two_places_is_read_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::open(folder.path(), 1 << 30).expect("it opens");
        let mut places = vec![spool.end()];
        for number in 0..1_000 {
            spool.push(format!("{number:0999}").as_bytes()).expect("it is written");
            places.push(spool.end());
        }
        assert!(spool.end().file > 2);
        for (from, to) in [(0, 1_000), (3, 4), (250, 270), (262, 263), (999, 1_000), (500, 500)] {
            let lines = spool.read(places[from], places[to], ALL).expect("it is read");
            let expected: Vec<String> = (from..to).map(|number| format!("{number:0999}")).collect();
            assert_eq!(texts(&lines), expected, "{from} to {to}");
            assert!(spool.read(lines.end, places[to], ALL).expect("it is read").bytes.is_empty());
        }
    }
}
