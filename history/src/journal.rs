//! The journal: the heads of all series in a file that only grows, until they are sealed.
//!
//! The file is a header and records. A body is the byte 1, the number of a series, its decimals and its key; or the byte 2, and pieces of
//! streams: the number of a series times two, and one more for late samples, and bytes behind their length.

use std::{
    collections::HashMap,
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use crate::{
    bytes::{Bytes, put},
    error::HistoryError,
    folder,
    format::{FileKind, HEADER, Header},
    record::{put_record, record},
    resolution::Resolution,
    sample::Sample,
    stream::{self, StreamState},
};

const NAME: u8 = 1;
const SAMPLES: u8 = 2;
/// A record of samples ends when it has so many bytes.
const RECORD: usize = 128 << 10;
/// A sync waits for so many milliseconds after the one before.
const SYNC: i64 = 10_000;
/// No journal is larger.
const LARGEST: u64 = 1 << 30;

/// The open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    pub(crate) path: PathBuf,
    file: File,
    /// The bytes of the file.
    pub(crate) length: u64,
    synced: u64,
    /// The time of the last sync.
    synced_at: i64,
    /// Behind its records are bytes of one that was not written whole.
    is_torn: bool,
}

/// Records that are about to be appended.
#[derive(Debug, Default)]
pub(crate) struct JournalRecords {
    pub(crate) bytes: Vec<u8>,
    body: Vec<u8>,
}

/// Something that a journal tells.
pub(crate) enum JournalEvent<'a> {
    Named { id: u32, resolution: Resolution, key: &'a [u8] },
    Came { id: u32, samples: &'a [Sample] },
}

impl Journal {
    /// Begins a journal. Its header has no room taken yet.
    pub(crate) fn begin(folder: &Path, number: u64, now: i64) -> Result<Self, HistoryError> {
        let path = folder.join(folder::journal_name(number));
        let begun = folder::create(&path).and_then(|mut file| {
            file.write_all(&FileKind::Journal.header()).map_err(HistoryError::io(&path))?;
            folder::sync(folder)?;
            Ok(file)
        });
        match begun {
            Ok(file) => {
                let length = HEADER as u64;
                Ok(Self { path, file, length, synced: 0, synced_at: now, is_torn: false })
            }
            Err(error) => {
                // It is tried again each minute, each time with another name.
                folder::remove(&path)?;
                Err(error)
            }
        }
    }

    /// Appends records. Nothing is appended where this fails.
    pub(crate) fn append(&mut self, records: &JournalRecords) -> Result<(), HistoryError> {
        if self.is_torn {
            self.cut_back().map_err(HistoryError::io(&self.path))?;
        }
        if let Err(error) = self.file.write_all(&records.bytes) {
            self.is_torn = true;
            if let Err(error) = self.cut_back() {
                tracing::error!(path = %self.path.display(), %error, "the journal of the history cannot be cut back");
            }
            return Err(HistoryError::io(&self.path)(error));
        }
        self.length += records.bytes.len() as u64;
        Ok(())
    }

    /// Removes a record that is not whole: it would hide those behind it.
    fn cut_back(&mut self) -> std::io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.is_torn = false;
        Ok(())
    }

    /// Waits for the disk, where the last time was long enough ago.
    pub(crate) fn sync_if_due(&mut self, now: i64) -> Result<(), HistoryError> {
        let is_due = now < self.synced_at || now.saturating_sub(self.synced_at) >= SYNC;
        if is_due && self.synced < self.length { self.sync(now) } else { Ok(()) }
    }

    /// Waits for the disk.
    pub(crate) fn sync(&mut self, now: i64) -> Result<(), HistoryError> {
        self.file.sync_data().map_err(HistoryError::io(&self.path))?;
        (self.synced, self.synced_at) = (self.length, now);
        Ok(())
    }
}

impl JournalRecords {
    pub(crate) fn name(&mut self, id: u32, key: &[u8], resolution: Resolution) {
        let mut body = vec![NAME];
        put(&mut body, u64::from(id));
        body.push(resolution.get());
        body.extend_from_slice(key);
        put_record(&mut self.bytes, &body);
    }

    pub(crate) fn samples(&mut self, id: u32, is_late: bool, bytes: &[u8]) {
        if self.body.is_empty() {
            self.body.push(SAMPLES);
        }
        put(&mut self.body, u64::from(id) << 1 | u64::from(is_late));
        put(&mut self.body, bytes.len() as u64);
        self.body.extend_from_slice(bytes);
        if self.body.len() >= RECORD {
            self.end();
        }
    }

    /// Ends the record that is being filled.
    pub(crate) fn end(&mut self) {
        if !self.body.is_empty() {
            put_record(&mut self.bytes, &self.body);
            self.body.clear();
        }
    }
}

/// Reads a journal up to its last whole record, and gives what it tells to a function. A file that is none is set aside. `resolutions` are those
/// of series whose names are in another file; what is of a series without a name is left out. Returns the path and length of one set aside.
pub(crate) fn replay(
    path: &Path,
    mut resolutions: HashMap<u32, Resolution>,
    mut tell: impl FnMut(JournalEvent<'_>),
) -> Result<Option<(PathBuf, u64)>, HistoryError> {
    let bytes = folder::read(path, LARGEST)?.unwrap_or_default();
    match FileKind::Journal.read(&bytes) {
        Header::Current => {}
        Header::Newer(version) => return Err(HistoryError::Newer { path: path.to_owned(), version }),
        // It was cut while it was begun.
        Header::Damaged if bytes.len() < HEADER => return Ok(None),
        Header::Damaged => return folder::set_aside(path).map(Some),
    }
    let mut streams: HashMap<u64, StreamState> = HashMap::new();
    let mut room = Vec::new();
    let mut rest = &bytes[HEADER..];
    let mut is_whole = true;
    while let Some((body, behind)) = record(rest) {
        // Streams go on from record to record, and end where one is damaged; names do not.
        let body = body.filter(|body| is_whole || body.first() == Some(&NAME));
        let read =
            body.and_then(|body| read_body(body, &mut streams, &mut resolutions, &mut room, &mut tell));
        is_whole &= read.is_some();
        rest = behind;
    }
    if !is_whole {
        tracing::warn!(path = %path.display(), "a record of a journal of the history is damaged: samples from there on, of five minutes at most, are left out");
    } else if !rest.is_empty() {
        tracing::warn!(path = %path.display(), bytes = rest.len(), "the end of a journal of the history is left out: it was not written whole");
    }
    Ok(None)
}

fn read_body(
    body: &[u8],
    streams: &mut HashMap<u64, StreamState>,
    resolutions: &mut HashMap<u32, Resolution>,
    room: &mut Vec<Sample>,
    tell: &mut impl FnMut(JournalEvent<'_>),
) -> Option<()> {
    let mut bytes = Bytes(body);
    match bytes.byte()? {
        NAME => {
            let (id, resolution) = (bytes.u32()?, Resolution::decimals(bytes.byte()?)?);
            resolutions.insert(id, resolution);
            tell(JournalEvent::Named { id, resolution, key: bytes.0 });
        }
        SAMPLES => {
            while !bytes.0.is_empty() {
                let stream = bytes.number()?;
                let id = u32::try_from(stream >> 1).ok()?;
                let piece = bytes.slice()?;
                let Some(resolution) = resolutions.get(&id).copied() else { continue };
                room.clear();
                let state = streams.entry(stream).or_default();
                stream::read(piece, state, resolution, room)?;
                tell(JournalEvent::Came { id, samples: room });
            }
        }
        _ => return None,
    }
    Some(())
}
