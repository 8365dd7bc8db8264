//! Looking through one part, the newest lines first.

use std::{cmp::Reverse, collections::BinaryHeap, fs::File, io, sync::Arc, time::Instant};

use crate::{
    line::KeptLine,
    open_part::OpenPart,
    page::PageBuilder,
    query::{Place, Query},
    sealed_part::{Block, RankedLine, SealedPart, ranked},
    source::Source,
};

/// The end of the search of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All of it was looked through.
    Through,
    /// The page is full, or the time is over: the next one begins behind this place.
    Ended(Place),
}

/// The lines of an open part that are looked for: few enough to be held.
pub(crate) struct FoundLines {
    number: u64,
    /// The oldest first.
    lines: Vec<(Place, Arc<Source>, KeptLine)>,
}

impl FoundLines {
    pub(crate) fn of(part: &OpenPart, query: &Query) -> Self {
        let mut room = String::new();
        let mut lines = Vec::new();
        for (index, open) in (0..).zip(&part.sources) {
            if !query.wants(&open.source) {
                continue;
            }
            let mut rank = 0;
            for (number, line) in (0..).zip(&open.lines) {
                rank = line.at.max(rank);
                if query.finds(line, &mut room) {
                    let place = Place { part: part.number, rank, source: index, line: number };
                    if is_wanted(query, &place) {
                        lines.push((place, Arc::clone(&open.source), line.clone()));
                    }
                }
            }
        }
        lines.sort_by_key(|(place, ..)| order(place));
        Self { number: part.number, lines }
    }

    pub(crate) fn search(self, page: &mut PageBuilder<'_>) -> Outcome {
        let mut last = begin(self.number, page.query);
        for (place, source, line) in self.lines.into_iter().rev() {
            if !page.take(&source, line) {
                return Outcome::Ended(last);
            }
            last = place;
        }
        Outcome::Through
    }
}

/// Looks through a sealed part.
///
/// # Errors
/// When the file cannot be read: it may have been removed.
pub(crate) fn search(part: &SealedPart, page: &mut PageBuilder<'_>) -> io::Result<Outcome> {
    let query = page.query;
    let file = File::open(&part.path)?;
    let mut sources: Vec<Blocks<'_>> = Vec::new();
    for (index, source) in (0..).zip(&part.sources) {
        if query.wants(source) {
            let blocks = part.blocks.iter().filter(|block| block.source == index).collect();
            sources.push(Blocks { part, file: &file, index, blocks, found: Vec::new() });
        }
    }
    let mut heap: BinaryHeap<_> =
        sources.iter().enumerate().filter_map(|(at, blocks)| Some((order(&blocks.next()?), at))).collect();
    let mut room = String::new();
    let mut last = begin(part.number, query);
    let mut has_read = false;
    while let Some((_, at)) = heap.pop() {
        let blocks = &mut sources[at];
        if let Some((place, line)) = blocks.found.pop() {
            if !page.take(&part.sources[blocks.index as usize], line) {
                return Ok(Outcome::Ended(last));
            }
            last = place;
        } else if let Some(block) = blocks.blocks.pop() {
            // All before the end of this block was looked at. Where that is where the page began, it goes on.
            let end = blocks.place(block.last, block.first_line + block.lines);
            if has_read && end != begin(part.number, query) && Instant::now() >= query.deadline {
                return Ok(Outcome::Ended(end));
            }
            has_read |= blocks.read(block, query, &mut room)?;
        }
        if let Some(next) = sources[at].next() {
            heap.push((order(&next), at));
        }
    }
    Ok(Outcome::Through)
}

/// The blocks of one source that are left, and what was found in the one that was read last.
struct Blocks<'a> {
    part: &'a SealedPart,
    file: &'a File,
    index: u32,
    /// The newest at the end.
    blocks: Vec<&'a Block>,
    /// The newest at the end.
    found: Vec<(Place, KeptLine)>,
}

impl Blocks<'_> {
    /// The place of the newest line that is left, or one behind which it is.
    fn next(&self) -> Option<Place> {
        match (self.found.last(), self.blocks.last()) {
            (Some((place, _)), _) => Some(*place),
            (None, Some(block)) => {
                Some(self.place(block.last, (block.first_line + block.lines).saturating_sub(1)))
            }
            (None, None) => None,
        }
    }

    fn place(&self, rank: u64, line: u64) -> Place {
        Place { part: self.part.number, rank, source: self.index, line }
    }

    /// Looks into a block. False when there was no need.
    fn read(&mut self, block: &Block, query: &Query, room: &mut String) -> io::Result<bool> {
        let first = self.place(block.first, block.first_line);
        let is_out = block.latest < query.since || block.earliest > query.until || !is_wanted(query, &first);
        if is_out || !self.part.may_have(self.file, block, query.hashes())? {
            return Ok(false);
        }
        let Some(lines) = self.part.lines(self.file, block)? else {
            tracing::warn!(path = %self.part.path.display(), lines = block.lines, "kept lines are damaged and are left out");
            return Ok(true);
        };
        // The block's first line has this rank already.
        let found: Vec<RankedLine> = ranked(lines, block.first_line, block.first).collect();
        for (rank, number, line) in found {
            let place = self.place(rank, number);
            if query.finds(&line, room) && is_wanted(query, &place) {
                self.found.push((place, line));
            }
        }
        Ok(true)
    }
}

/// The place before all lines of a part that the query wants.
pub(crate) fn begin(part: u64, query: &Query) -> Place {
    let before = query.before.filter(|before| before.part == part);
    before.unwrap_or(Place { part, rank: u64::MAX, source: 0, line: u64::MAX })
}

fn is_wanted(query: &Query, place: &Place) -> bool {
    query.before.is_none_or(|before| before.part != place.part || place.is_behind(&before))
}

fn order(place: &Place) -> (u64, Reverse<u32>, u64) {
    (place.rank, Reverse(place.source), place.line)
}
