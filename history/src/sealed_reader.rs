//! Reading chunks of a sealed file, each held against its checksum.

use std::{fs::File, os::unix::fs::FileExt};

use crate::{
    bytes::Bytes,
    error::HistoryError,
    sealed_file::{BLOCK, IndexBlock, RECORD, SealedFile},
};

/// No chunk is larger, and no index block.
const LARGEST: usize = 4 << 20;

/// A sealed file that is read.
#[derive(Debug)]
pub(crate) struct SealedReader<'a> {
    of: &'a SealedFile,
    file: File,
    /// The index block that was read last, by its place among the blocks.
    held: Option<(usize, Vec<IndexEntry>)>,
    room: Vec<u8>,
}

/// The place of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct IndexEntry {
    series: u32,
    offset: u64,
    /// The bytes of the chunk, without what is before it.
    length: u32,
}

impl<'a> SealedReader<'a> {
    pub(crate) fn open(of: &'a SealedFile) -> Result<Self, HistoryError> {
        let file = File::open(&of.path).map_err(HistoryError::io(&of.path))?;
        Ok(Self { of, file, held: None, room: Vec::new() })
    }

    /// Every series of which it has a chunk, in order.
    pub(crate) fn series(&mut self) -> Result<Vec<u32>, HistoryError> {
        let mut found = Vec::new();
        for place in 0..self.of.footer.blocks.len() {
            found.extend(self.block(place)?.iter().map(|entry| entry.series));
        }
        found.dedup();
        Ok(found)
    }

    /// Gives each chunk of a series to a function, which returns none where it is no chunk. A damaged one is left out, and told.
    pub(crate) fn chunks(
        &mut self,
        series: u32,
        mut each: impl FnMut(&[u8]) -> Option<()>,
    ) -> Result<(), HistoryError> {
        let blocks = &self.of.footer.blocks;
        let behind = blocks.partition_point(|block| block.first_series <= series);
        // Chunks of a series may begin in the block before the one that it is the first of.
        let before = blocks.partition_point(|block| block.first_series < series).saturating_sub(1);
        for place in before..behind {
            let entries = self.block(place)?;
            let begin = entries.partition_point(|entry| entry.series < series);
            let mut at = begin;
            while let Some(entry) = self.block(place)?.get(at).copied().filter(|entry| entry.series == series)
            {
                let chunk = self.record(entry)?;
                if chunk.and_then(&mut each).is_none() {
                    self.tell_damage(series);
                }
                at += 1;
            }
        }
        Ok(())
    }

    /// The chunk at a place; none where it is not what was written.
    fn record(&mut self, entry: IndexEntry) -> Result<Option<&[u8]>, HistoryError> {
        let length = RECORD + entry.length as usize;
        if length > LARGEST {
            return Ok(None);
        }
        self.room.resize(length, 0);
        let read = self.file.read_exact_at(&mut self.room, entry.offset);
        match read.map_err(HistoryError::io(&self.of.path)) {
            Err(error) if error.is_lost() => return Ok(None),
            read => read?,
        }
        let mut bytes = Bytes(&self.room);
        let is_it = bytes.fixed().is_some_and(|crc| crc == crc32fast::hash(bytes.0))
            && bytes.fixed() == Some(entry.series)
            && bytes.fixed() == Some(entry.length);
        Ok(is_it.then_some(bytes.0))
    }

    fn block(&mut self, place: usize) -> Result<&[IndexEntry], HistoryError> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != place) {
            let entries = self.read_block(place)?;
            self.held = Some((place, entries));
        }
        Ok(self.held.as_ref().map_or(&[], |(_, entries)| entries))
    }

    fn read_block(&self, place: usize) -> Result<Vec<IndexEntry>, HistoryError> {
        let blocks = &self.of.footer.blocks;
        let block = blocks[place];
        let length = block.length as usize;
        if length <= LARGEST {
            let mut bytes = vec![0; length];
            let read = self.file.read_exact_at(&mut bytes, block.offset);
            match read.map_err(HistoryError::io(&self.of.path)) {
                Err(error) if error.is_lost() => {}
                read => {
                    read?;
                    if let Some(entries) = entries(&bytes, &block) {
                        return Ok(entries);
                    }
                }
            }
        }
        tracing::warn!(path = %self.of.path.display(), "a part of an index of the history is damaged, and is made again from the records");
        let end = blocks.get(place + 1).map_or(blocks[0].offset, |next| next.records);
        Ok(self.walk(block.records, end))
    }

    /// Finds records by going from one to the next.
    fn walk(&self, mut offset: u64, end: u64) -> Vec<IndexEntry> {
        let mut found = Vec::new();
        let mut head = [0; RECORD];
        while offset + RECORD as u64 <= end && self.file.read_exact_at(&mut head, offset).is_ok() {
            let mut bytes = Bytes(&head[4..]);
            let (Some(series), Some(length)) = (bytes.fixed(), bytes.fixed()) else { break };
            let next = offset + RECORD as u64 + u64::from(length);
            let is_behind = found.last().is_none_or(|last: &IndexEntry| last.series <= series);
            if next > end || !is_behind || found.len() == BLOCK {
                break;
            }
            found.push(IndexEntry { series, offset, length });
            offset = next;
        }
        found
    }

    fn tell_damage(&self, series: u32) {
        tracing::warn!(path = %self.of.path.display(), series, "a chunk of the history is damaged and is left out");
    }
}

/// Reads an index block; none where it is not what was written.
fn entries(bytes: &[u8], block: &IndexBlock) -> Option<Vec<IndexEntry>> {
    if crc32fast::hash(bytes) != block.crc {
        return None;
    }
    let mut bytes = Bytes(bytes);
    let (mut series, mut offset) = (block.first_series, block.records);
    let mut entries = Vec::new();
    while !bytes.0.is_empty() {
        series = series.checked_add(bytes.u32()?)?;
        let length = bytes.u32()?;
        entries.push(IndexEntry { series, offset, length });
        offset = offset.checked_add(u64::from(length) + RECORD as u64)?;
    }
    (offset <= block.offset).then_some(entries)
}
