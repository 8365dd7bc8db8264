//! The part to which lines are appended: a file of records, and the same in memory.
//!
//! A record is `length crc32 body`, both little-endian. A body is the kind 1 and a source, whose index is the number of those before it, or the
//! kind 2, a source's index and lines of it.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::Arc,
    time::Instant,
};

use crate::{
    block,
    bytes::{Reader, put, put_text},
    error::KeptLogsError,
    line::KeptLine,
    source::Source,
};

pub(crate) const PREFIX: usize = 8;
const SOURCE: u8 = 1;
const LINES: u8 = 2;

/// The part to which lines are appended.
#[derive(Debug)]
pub(crate) struct OpenPart {
    pub(crate) number: u64,
    pub(crate) path: PathBuf,
    /// When it was begun, or opened again.
    pub(crate) begun: Instant,
    file: File,
    /// The bytes of the file.
    pub(crate) length: u64,
    pub(crate) sources: Vec<OpenSource>,
}

/// A source, and its lines in this part.
#[derive(Debug)]
pub(crate) struct OpenSource {
    pub(crate) source: Arc<Source>,
    pub(crate) lines: Vec<KeptLine>,
}

impl OpenPart {
    /// Opens a part, or begins it. What a crash has cut is cut off.
    pub(crate) fn open(path: PathBuf, number: u64) -> Result<Self, KeptLogsError> {
        let options =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let mut file = options.map_err(KeptLogsError::io(&path))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(KeptLogsError::io(&path))?;
        let mut part = Self { number, path, begun: Instant::now(), file, length: 0, sources: Vec::new() };
        for body in records(&bytes) {
            if part.restore(body).is_none() {
                break;
            }
            part.length += (PREFIX + body.len()) as u64;
        }
        let torn = bytes.len() as u64 - part.length;
        if torn > 0 {
            tracing::warn!(path = %part.path.display(), bytes = torn, "the end of kept lines is cut off: it was not written whole");
            part.file.set_len(part.length).map_err(KeptLogsError::io(&part.path))?;
        }
        part.file.seek(SeekFrom::Start(part.length)).map_err(KeptLogsError::io(&part.path))?;
        Ok(part)
    }

    /// Reads a record into memory. None if it is none.
    fn restore(&mut self, body: &[u8]) -> Option<()> {
        let (kind, rest) = body.split_first()?;
        let mut reader = Reader(rest);
        match *kind {
            SOURCE => {
                let mut text = || reader.text().map(str::to_owned);
                let source = Source { host: text()?, key: text()?, name: text()? };
                self.sources.push(OpenSource { source: Arc::new(source), lines: Vec::new() });
            }
            LINES => {
                let index = usize::try_from(reader.number()?).ok()?;
                self.sources.get_mut(index)?.lines.extend(block::read(reader.0)?);
            }
            _ => return None,
        }
        Some(())
    }

    /// Appends lines of a source. Nothing is appended where this fails.
    pub(crate) fn append(&mut self, source: &Source, lines: Vec<KeptLine>) -> Result<(), KeptLogsError> {
        let known = self.sources.iter().position(|open| *open.source == *source);
        let index = known.unwrap_or(self.sources.len());
        let mut records = Vec::new();
        if known.is_none() {
            let mut body = vec![SOURCE];
            [&source.host, &source.key, &source.name].iter().for_each(|text| put_text(&mut body, text));
            put_record(&mut records, &body);
        }
        let mut body = vec![LINES];
        put(&mut body, index as u64);
        body.extend(block::write(&lines));
        put_record(&mut records, &body);
        if let Err(error) = self.file.write_all(&records) {
            // A record that is not whole would hide those behind it.
            let undone =
                self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
            if let Err(error) = undone {
                tracing::error!(path = %self.path.display(), %error, "kept lines cannot be cut back");
            }
            return Err(KeptLogsError::io(&self.path)(error));
        }
        self.length += records.len() as u64;
        if known.is_none() {
            self.sources.push(OpenSource { source: Arc::new(source.clone()), lines: Vec::new() });
        }
        self.sources[index].lines.extend(lines);
        Ok(())
    }

    /// The time of the first line that has one.
    pub(crate) fn first_at(&self) -> Option<u64> {
        let first = |open: &OpenSource| open.lines.iter().map(|line| line.at).find(|at| *at > 0);
        self.sources.iter().filter_map(first).min()
    }

    /// Waits until all is on the disk.
    pub(crate) fn sync(&self) -> Result<(), KeptLogsError> {
        self.file.sync_data().map_err(KeptLogsError::io(&self.path))
    }
}

fn put_record(out: &mut Vec<u8>, body: &[u8]) {
    let length = u32::try_from(body.len()).expect("lines that are appended together are few");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&crc32fast::hash(body).to_le_bytes());
    out.extend_from_slice(body);
}

/// The bodies of the records that stand at the beginning of these bytes.
pub(crate) fn records(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (body, behind) = record(bytes)?;
        bytes = behind;
        Some(body)
    })
}

/// The body of the first record, and what follows it. None where there is none, or it is not whole.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (crc, rest) = rest.split_first_chunk()?;
    let (body, behind) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    (crc32fast::hash(body) == u32::from_le_bytes(*crc)).then_some((body, behind))
}
