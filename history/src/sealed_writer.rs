//! Writing a sealed file, chunk by chunk.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{
    bytes::put,
    error::HistoryError,
    folder::{self, SealedName},
    format::FileKind,
    sealed_file::{BLOCK, Footer, IndexBlock, RECORD},
};

/// So many bytes are written at once.
const BUFFER: usize = 64 << 10;

/// Takes room for bytes that are about to be written, within the bound of all bytes.
pub(crate) trait Reserve {
    /// Takes room.
    ///
    /// # Errors
    /// When there is none.
    fn reserve(&self, bytes: u64) -> Result<(), HistoryError>;
    /// Gives it back.
    fn release(&self, bytes: u64);
}

/// A sealed file that is being written under another name. It is gone when this is dropped before [`SealedWriter::finish`].
pub(crate) struct SealedWriter<'a> {
    pub(crate) name: SealedName,
    room: &'a dyn Reserve,
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    /// The bytes that are in the file, for which room was taken.
    written: u64,
    /// The index blocks, and the one that is being filled.
    index: Vec<(IndexBlock, Vec<u8>)>,
    in_block: usize,
    last_series: u32,
    footer: Footer,
    is_done: bool,
}

impl<'a> SealedWriter<'a> {
    pub(crate) fn begin(
        folder: &Path,
        name: SealedName,
        made: i64,
        room: &'a dyn Reserve,
    ) -> Result<Self, HistoryError> {
        let path = folder.join(name.text());
        let file = folder::create(&folder::begun(&path))?;
        Ok(Self {
            name,
            room,
            path,
            file,
            buffer: FileKind::Sealed.header().to_vec(),
            written: 0,
            index: Vec::new(),
            in_block: 0,
            last_series: 0,
            footer: Footer { made, first: i64::MAX, last: i64::MIN, highest: 0, blocks: Vec::new() },
            is_done: false,
        })
    }

    /// Appends a chunk that a function writes, of rows from the first to the last time. Series come in order.
    pub(crate) fn chunk(
        &mut self,
        series: u32,
        first: i64,
        last: i64,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), HistoryError> {
        debug_assert!(series >= self.last_series);
        let begin = self.buffer.len();
        let offset = self.written + begin as u64;
        self.buffer.extend_from_slice(&[0; RECORD]);
        write(&mut self.buffer);
        let length =
            u32::try_from(self.buffer.len() - begin - RECORD).expect("a chunk has a few thousand rows");
        self.buffer[begin + 4..begin + 8].copy_from_slice(&series.to_le_bytes());
        self.buffer[begin + 8..begin + RECORD].copy_from_slice(&length.to_le_bytes());
        let crc = crc32fast::hash(&self.buffer[begin + 4..]);
        self.buffer[begin..begin + 4].copy_from_slice(&crc.to_le_bytes());
        if self.index.is_empty() || self.in_block == BLOCK {
            let block = IndexBlock { first_series: series, records: offset, offset: 0, length: 0, crc: 0 };
            self.index.push((block, Vec::new()));
            (self.in_block, self.last_series) = (0, series);
        }
        if let Some((_, bytes)) = self.index.last_mut() {
            put(bytes, u64::from(series - self.last_series));
            put(bytes, u64::from(length));
        }
        self.in_block += 1;
        self.last_series = series;
        self.footer.highest = self.footer.highest.max(series);
        self.footer.first = self.footer.first.min(first);
        self.footer.last = self.footer.last.max(last);
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    /// Reports that it has no chunk.
    pub(crate) fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Writes the index, and waits for the disk. The file is whole, but has still the name of one that is not. Returns its bytes, for which
    /// room is taken.
    pub(crate) fn finish(mut self) -> Result<u64, HistoryError> {
        for (mut block, bytes) in std::mem::take(&mut self.index) {
            block.offset = self.written + self.buffer.len() as u64;
            block.length =
                u32::try_from(bytes.len()).expect("an index block has a few bytes for 256 records");
            block.crc = crc32fast::hash(&bytes);
            self.footer.blocks.push(block);
            self.buffer.extend(bytes);
        }
        self.footer.put(&mut self.buffer, self.name);
        self.flush()?;
        self.file.sync_data().map_err(HistoryError::io(&self.path))?;
        self.is_done = true;
        Ok(self.written)
    }

    fn flush(&mut self) -> Result<(), HistoryError> {
        let length = self.buffer.len() as u64;
        self.room.reserve(length)?;
        self.written += length;
        self.file.write_all(&self.buffer).map_err(HistoryError::io(&self.path))?;
        self.buffer.clear();
        Ok(())
    }
}

impl Drop for SealedWriter<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            if let Err(error) = folder::remove(&folder::begun(&self.path)) {
                tracing::warn!(%error, "a file of the history that was not finished stays until the next start");
            } else {
                self.room.release(self.written);
            }
        }
    }
}
