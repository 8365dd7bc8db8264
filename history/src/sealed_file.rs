//! A file that does not change any more: chunks in the order of their series, and an index behind them.
//!
//! The file is a header, records, index blocks, a footer, and the footer's length and crc32, four bytes each, little-endian. A record is the
//! crc32 of what follows in it, a series and the length of the chunk, four bytes each, and the chunk. An index block is, for each of up to 256
//! records that follow each other, the series (the difference to that before) and the length. The footer is numbers: tier, level, hour, time of
//! making, earliest and latest time, the highest series, the number of blocks, and of each the first series, the offset of its first record,
//! its own offset, its length and its crc32.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use crate::{
    bytes::{Bytes, put, put_signed},
    error::HistoryError,
    folder::SealedName,
    format::{FileKind, HEADER, Header},
    tier::Tier,
};

/// The bytes of a record before its chunk.
pub(crate) const RECORD: usize = 12;
/// The records of an index block.
pub(crate) const BLOCK: usize = 256;
/// The bytes behind the footer.
pub(crate) const TAIL: usize = 8;
/// No footer is larger.
const LARGEST_FOOTER: usize = 16 << 20;

/// A file that does not change any more.
#[derive(Debug)]
pub(crate) struct SealedFile {
    pub(crate) name: SealedName,
    pub(crate) path: PathBuf,
    /// The bytes of the file.
    pub(crate) length: u64,
    pub(crate) footer: Footer,
}

/// The end of a file, which says where the rest is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Footer {
    /// The time at which it was written.
    pub(crate) made: i64,
    /// The earliest and the latest time of what it has.
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// The highest number of a series in it.
    pub(crate) highest: u32,
    pub(crate) blocks: Vec<IndexBlock>,
}

/// The place of an index block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexBlock {
    pub(crate) first_series: u32,
    /// The offset of its first record.
    pub(crate) records: u64,
    pub(crate) offset: u64,
    pub(crate) length: u32,
    pub(crate) crc: u32,
}

impl SealedFile {
    /// Opens a file; none where its end is not what was written.
    pub(crate) fn open(path: &Path, name: SealedName) -> Result<Option<Self>, HistoryError> {
        let file = File::open(path).map_err(HistoryError::io(path))?;
        let length = file.metadata().map_err(HistoryError::io(path))?.len();
        if length < (HEADER + TAIL) as u64 {
            return Ok(None);
        }
        let read = |offset: u64, length: usize| {
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, offset).map_err(HistoryError::io(path))?;
            Ok(bytes)
        };
        match FileKind::Sealed.read(&read(0, HEADER)?) {
            Header::Current => {}
            Header::Newer(version) => return Err(HistoryError::Newer { path: path.to_owned(), version }),
            Header::Damaged => return Ok(None),
        }
        let tail = read(length - TAIL as u64, TAIL)?;
        let mut tail = Bytes(&tail);
        let (Some(size), Some(crc)) = (tail.fixed(), tail.fixed()) else { return Ok(None) };
        let room = length - (HEADER + TAIL) as u64;
        if u64::from(size) > room || size as usize > LARGEST_FOOTER {
            return Ok(None);
        }
        let bytes = read(length - TAIL as u64 - u64::from(size), size as usize)?;
        let footer = (crc32fast::hash(&bytes) == crc).then(|| Footer::parse(&bytes, name, length)).flatten();
        Ok(footer.map(|footer| Self { name, path: path.to_owned(), length, footer }))
    }

    /// Reports that some of what it has may be from this range.
    pub(crate) fn overlaps(&self, from: i64, to: i64) -> bool {
        self.footer.first < to && self.footer.last >= from
    }

    /// Reports that its samples are in no tier yet.
    pub(crate) fn is_part(&self) -> bool {
        self.name.tier == Tier::Full && self.name.level == 0
    }
}

impl Footer {
    /// Writes the footer of a file, and the tail.
    pub(crate) fn put(&self, out: &mut Vec<u8>, name: SealedName) {
        let begin = out.len();
        put(out, name.tier as u64);
        put(out, u64::from(name.level));
        [name.hour, self.made, self.first, self.last].iter().for_each(|number| put_signed(out, *number));
        put(out, u64::from(self.highest));
        put(out, self.blocks.len() as u64);
        for IndexBlock { first_series, records, offset, length, crc } in &self.blocks {
            let numbers = [u64::from(*first_series), *records, *offset, u64::from(*length), u64::from(*crc)];
            numbers.iter().for_each(|number| put(out, *number));
        }
        let crc = crc32fast::hash(&out[begin..]);
        let length = u32::try_from(out.len() - begin).expect("a footer has a few bytes for 256 series");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&crc.to_le_bytes());
    }

    pub(crate) fn parse(bytes: &[u8], name: SealedName, length: u64) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let is_it = bytes.number()? == name.tier as u64
            && bytes.number()? == u64::from(name.level)
            && bytes.signed()? == name.hour;
        if !is_it {
            return None;
        }
        let (made, first, last) = (bytes.signed()?, bytes.signed()?, bytes.signed()?);
        let highest = bytes.u32()?;
        let count = bytes.number()?;
        let mut blocks = Vec::new();
        for _ in 0..count {
            let block = IndexBlock {
                first_series: bytes.u32()?,
                records: bytes.number()?,
                offset: bytes.number()?,
                length: bytes.u32()?,
                crc: bytes.u32()?,
            };
            let end = block.offset.checked_add(u64::from(block.length))?;
            if block.records > block.offset || end > length {
                return None;
            }
            blocks.push(block);
        }
        blocks.is_sorted_by_key(|block| block.first_series).then_some(Self {
            made,
            first,
            last,
            highest,
            blocks,
        })
    }
}
