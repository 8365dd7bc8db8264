//! One segment file: a magic number, and records behind it until the file is full.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use common::Topic;

use crate::record::{Record, Stop};

/// The first bytes of every segment; the last of them is the form's version.
pub(crate) const MAGIC: [u8; 8] = *b"pulselg\x01";

/// The facts about a segment that are known without reading it.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) id: u64,
    pub(crate) path: PathBuf,
    /// The topics that have records in it; a topic may stand here more than once.
    pub(crate) topics: Vec<Topic>,
}

/// The segment that is written to.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) file: Arc<File>,
    /// The length up to which the file holds whole records.
    length: u64,
    /// The offset at which the last write began.
    before: u64,
    /// A write failed, and what it left could not be cut off yet.
    torn: bool,
}

impl Segment {
    /// Makes an empty one.
    pub(crate) fn create(dir: &Path, id: u64) -> io::Result<(Self, Tail)> {
        let path = dir.join(format!("{id:016x}.seg"));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        if let Err(error) = file.write_all_at(&MAGIC, 0) {
            // Best effort: a file that is shorter than its mark is taken away when the journal is next opened.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        let tail = Tail {
            file: Arc::new(file),
            length: MAGIC.len() as u64,
            before: MAGIC.len() as u64,
            torn: false,
        };
        Ok((Self { id, path, topics: Vec::new() }, tail))
    }

    /// The segments of a folder, oldest first.
    pub(crate) fn all(dir: &Path) -> io::Result<Vec<Self>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            let id = path
                .file_name()
                .and_then(|name| name.to_str()?.strip_suffix(".seg"))
                .and_then(|name| u64::from_str_radix(name, 16).ok());
            if let Some(id) = id {
                found.push(Self { id, path, topics: Vec::new() });
            }
        }
        found.sort_unstable_by_key(|segment| segment.id);
        Ok(found)
    }

    /// Reads its records one by one, cuts off what is none, and makes sure that the rest is on the disk.
    /// Returns why it stopped and how many bytes it cut off.
    pub(crate) fn read(&self, mut each: impl FnMut(Record<'_>)) -> io::Result<(Stop, u64)> {
        let bytes = fs::read(&self.path)?;
        let (mut rest, mut stop) = match bytes.strip_prefix(&MAGIC) {
            Some(rest) => (rest, Stop::End),
            None if MAGIC.starts_with(&bytes) => (&bytes[..], Stop::Torn),
            None => (&bytes[..], Stop::Damaged),
        };
        while stop == Stop::End && !rest.is_empty() {
            match Record::decode(rest) {
                Ok((record, after)) => {
                    each(record);
                    rest = after;
                }
                Err(why) => stop = why,
            }
        }
        let file = OpenOptions::new().write(true).open(&self.path)?;
        if stop != Stop::End {
            let good = bytes.len() - rest.len();
            // A file without its magic number becomes an empty segment.
            file.write_all_at(&MAGIC, 0)?;
            file.set_len(good.max(MAGIC.len()) as u64)?;
        }
        file.sync_data()?;
        Ok((stop, rest.len() as u64))
    }
}

impl Tail {
    /// Reports that `more` bytes would make the segment longer than `limit`.
    pub(crate) fn is_full(&self, more: usize, limit: u64) -> bool {
        self.length + more as u64 > limit
    }

    /// Reports that the last write left nothing to be cut off.
    pub(crate) fn is_whole(&self) -> bool {
        !self.torn
    }

    /// Writes whole records behind the others: all of it or, with an error, none.
    pub(crate) fn write(&mut self, records: &[u8]) -> io::Result<()> {
        if self.torn {
            self.cut()?;
        }
        if let Err(error) = self.file.write_all_at(records, self.length) {
            self.torn = true;
            // Best effort: it is tried again before the next write.
            let _ = self.cut();
            return Err(error);
        }
        self.before = self.length;
        self.length += records.len() as u64;
        Ok(())
    }

    /// Takes back what the last write wrote.
    pub(crate) fn retract(&mut self) {
        self.length = self.before;
        self.torn = true;
        // Best effort: it is tried again before the next write.
        let _ = self.cut();
    }

    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.torn = false;
        Ok(())
    }
}
