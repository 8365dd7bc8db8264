//! A part that is full: blocks and their filters, then a footer that says where they are.
//!
//! The file is each block and its filter, the footer, and 20 bytes: the footer's length, its length when it is unpacked, its crc32, all
//! little-endian, and `PBKEPT01`.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    block,
    bytes::{Reader, put, put_text},
    error::KeptLogsError,
    folder,
    line::KeptLine,
    open_part::OpenPart,
    source::Source,
};

const MAGIC: &[u8; 8] = b"PBKEPT01";
const TAIL: usize = 20;
/// A block has so much text, and the line that reaches it.
const BLOCK_TEXT: usize = 1 << 20;
/// No footer is larger.
const LARGEST_FOOTER: u64 = 64 << 20;

/// A part that is full.
#[derive(Debug)]
pub(crate) struct SealedPart {
    pub(crate) number: u64,
    pub(crate) path: PathBuf,
    /// The bytes of the file.
    pub(crate) length: u64,
    pub(crate) sources: Vec<Arc<Source>>,
    /// Of each source in the order of its lines.
    pub(crate) blocks: Vec<Block>,
}

/// The place of a block in its file, and the lines that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// The source's index.
    pub(crate) source: u32,
    /// The index of its first line among those of its source.
    pub(crate) first_line: u64,
    pub(crate) lines: u64,
    /// The latest time of its source's lines up to its first line, and up to its last.
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// The earliest and the latest time of its lines.
    pub(crate) earliest: u64,
    pub(crate) latest: u64,
    unpacked: u64,
    offset: u64,
    packed: u64,
    filter: u64,
    packed_crc: u32,
    filter_crc: u32,
}

/// A line with its rank, and its index among those of its source.
pub(crate) type RankedLine = (u64, u64, KeptLine);

/// Gives each line the latest time up to it.
pub(crate) fn ranked(
    lines: impl IntoIterator<Item = KeptLine>,
    first_line: u64,
    before: u64,
) -> impl Iterator<Item = RankedLine> {
    let mut rank = before;
    lines.into_iter().enumerate().map(move |(index, line)| {
        rank = rank.max(line.at);
        (rank, first_line + index as u64, line)
    })
}

impl SealedPart {
    /// Makes the bytes of a part's file.
    pub(crate) fn encode(part: &OpenPart, level: i32) -> Vec<u8> {
        let mut out = Vec::new();
        let mut footer = Vec::new();
        put(&mut footer, part.sources.len() as u64);
        for open in &part.sources {
            let Source { host, key, name } = &*open.source;
            [host, key, name].iter().for_each(|text| put_text(&mut footer, text));
        }
        let mut blocks: Vec<Block> = Vec::new();
        for (source, open) in (0..).zip(&part.sources) {
            let (mut rank, mut first_line) = (0, 0);
            let mut rest = &open.lines[..];
            while !rest.is_empty() {
                let mut text = 0;
                let end = rest.iter().position(|line| {
                    text += line.text.len();
                    text >= BLOCK_TEXT
                });
                let (lines, behind) = rest.split_at(end.map_or(rest.len(), |last| last + 1));
                rest = behind;
                let bytes = block::write(lines);
                let packed = block::pack(&bytes, level);
                let filter = block::write_filter(lines);
                let first = rank.max(lines[0].at);
                let times = || lines.iter().map(|line| line.at);
                rank = times().fold(rank, u64::max);
                blocks.push(Block {
                    source,
                    first_line,
                    lines: lines.len() as u64,
                    first,
                    last: rank,
                    earliest: times().min().unwrap_or(0),
                    latest: times().max().unwrap_or(0),
                    unpacked: bytes.len() as u64,
                    offset: out.len() as u64,
                    packed: packed.len() as u64,
                    filter: filter.len() as u64,
                    packed_crc: crc32fast::hash(&packed),
                    filter_crc: crc32fast::hash(&filter),
                });
                first_line += lines.len() as u64;
                out.extend(packed);
                out.extend(filter);
            }
        }
        put(&mut footer, blocks.len() as u64);
        blocks.iter().for_each(|block| block.write(&mut footer));
        put_footer(&mut out, &footer, level);
        out
    }

    /// Writes a part's file, whole or not at all.
    pub(crate) fn write(path: PathBuf, bytes: &[u8], number: u64) -> Result<Self, KeptLogsError> {
        let begun = path.with_extension("begun");
        let written = (|| {
            let mut file =
                File::options().write(true).create(true).truncate(true).mode(0o600).open(&begun)?;
            file.write_all(bytes)?;
            file.sync_data()?;
            fs::rename(&begun, &path)
        })();
        if let Err(error) = written {
            let _ = fs::remove_file(&begun);
            return Err(KeptLogsError::io(&path)(error));
        }
        folder::sync(path.parent().unwrap_or(Path::new("/")))?;
        let found = Self::parse(path.clone(), bytes.len() as u64, bytes, number);
        found.ok_or_else(|| KeptLogsError::io(&path)(io::Error::other("it cannot be read again")))
    }

    /// Opens a part; none where its end is not what was written.
    pub(crate) fn open(path: PathBuf, number: u64) -> Result<Option<Self>, KeptLogsError> {
        let read = || {
            let file = File::open(&path)?;
            let length = file.metadata()?.len();
            let mut tail = [0; TAIL];
            if length < TAIL as u64 {
                return Ok((length, Vec::new()));
            }
            file.read_exact_at(&mut tail, length - TAIL as u64)?;
            let footer = u64::from(u32::from_le_bytes(*tail.first_chunk().unwrap_or(&[0; 4])));
            let end = footer.saturating_add(TAIL as u64).min(length);
            if end > LARGEST_FOOTER {
                return Ok((length, Vec::new()));
            }
            let mut bytes = vec![0; usize::try_from(end).unwrap_or(0)];
            file.read_exact_at(&mut bytes, length - end)?;
            Ok((length, bytes))
        };
        let (length, bytes) = read().map_err(KeptLogsError::io(&path))?;
        Ok(Self::parse(path, length, &bytes, number))
    }

    /// Reads the footer at the end of these bytes.
    pub(crate) fn parse(path: PathBuf, length: u64, bytes: &[u8], number: u64) -> Option<Self> {
        let (bytes, tail) = bytes.split_at_checked(bytes.len().checked_sub(TAIL)?)?;
        let number_at = |at: usize| Some(u32::from_le_bytes(*tail.get(at..)?.first_chunk()?));
        let packed = bytes.get(bytes.len().checked_sub(number_at(0)? as usize)?..)?;
        if tail.get(12..)? != MAGIC || crc32fast::hash(packed) != number_at(8)? {
            return None;
        }
        let footer = block::unpack(packed, number_at(4)? as usize)?;
        let mut reader = Reader(&footer);
        let mut sources = Vec::new();
        for _ in 0..reader.count()? {
            let mut text = || reader.text().map(str::to_owned);
            sources.push(Arc::new(Source { host: text()?, key: text()?, name: text()? }));
        }
        let mut blocks = Vec::new();
        for _ in 0..reader.count()? {
            let block = Block::read(&mut reader)?;
            if block.source as usize >= sources.len() || block.end()? > length {
                return None;
            }
            blocks.push(block);
        }
        Some(Self { number, path, length, sources, blocks })
    }

    /// The lines of a block; none where they are not what was written. An error where the file cannot be read.
    pub(crate) fn lines(&self, file: &File, block: &Block) -> io::Result<Option<Vec<KeptLine>>> {
        let bytes = piece(file, block.offset, block.packed, block.packed_crc)?;
        let length = usize::try_from(block.unpacked).unwrap_or(usize::MAX);
        Ok(bytes.and_then(|bytes| block::unpack(&bytes, length)).as_deref().and_then(block::read))
    }

    /// Reports that a block may have all words of these hashes.
    pub(crate) fn may_have(&self, file: &File, block: &Block, hashes: &[u64]) -> io::Result<bool> {
        if hashes.is_empty() {
            return Ok(true);
        }
        let filter = piece(file, block.offset + block.packed, block.filter, block.filter_crc)?;
        Ok(filter.is_none_or(|filter| block::may_have(&filter, hashes)))
    }

    /// The latest time of a source's lines up to now, of its blocks alone: where one has later lines, too, its earliest counts.
    pub(crate) fn last_of(&self, source: &Source, now: u64) -> Option<u64> {
        let is_of = |block: &&Block| self.sources.get(block.source as usize).is_some_and(|of| of.is(source));
        let last = |block: &Block| [block.latest, block.earliest].into_iter().find(|at| *at <= now);
        self.blocks.iter().filter(is_of).filter_map(last).max()
    }

    /// The latest time of a line.
    pub(crate) fn last_at(&self) -> u64 {
        self.blocks.iter().map(|block| block.latest).max().unwrap_or(0)
    }
}

/// Appends the footer, and what says where it is.
pub(crate) fn put_footer(out: &mut Vec<u8>, footer: &[u8], level: i32) {
    let packed = block::pack(footer, level);
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).expect("a part is small").to_le_bytes();
    let tail = [length(&packed), length(footer), crc32fast::hash(&packed).to_le_bytes()];
    out.extend(packed);
    tail.iter().for_each(|number| out.extend_from_slice(number));
    out.extend_from_slice(MAGIC);
}

/// Bytes of a file; none where they are not what was written.
fn piece(file: &File, offset: u64, length: u64, crc: u32) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    file.read_exact_at(&mut bytes, offset)?;
    Ok((crc32fast::hash(&bytes) == crc).then_some(bytes))
}

impl Block {
    fn write(&self, out: &mut Vec<u8>) {
        let Self {
            source,
            first_line,
            lines,
            first,
            last,
            earliest,
            latest,
            unpacked,
            offset,
            packed,
            filter,
            packed_crc,
            filter_crc,
        } = *self;
        let (source, crcs) = (u64::from(source), [packed_crc, filter_crc].map(u64::from));
        let numbers =
            [source, first_line, lines, first, last, earliest, latest, unpacked, offset, packed, filter];
        numbers.into_iter().chain(crcs).for_each(|number| put(out, number));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut next = || reader.number();
        Some(Self {
            source: u32::try_from(next()?).ok()?,
            first_line: next()?,
            lines: next()?,
            first: next()?,
            last: next()?,
            earliest: next()?,
            latest: next()?,
            unpacked: next()?,
            offset: next()?,
            packed: next()?,
            filter: next()?,
            packed_crc: u32::try_from(next()?).ok()?,
            filter_crc: u32::try_from(next()?).ok()?,
        })
    }

    fn end(&self) -> Option<u64> {
        self.offset.checked_add(self.packed)?.checked_add(self.filter)
    }
}
