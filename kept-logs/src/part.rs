//! Looking through one part, the newest lines first.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    fs::File,
    io,
    sync::Arc,
};

use crate::{
    line::KeptLine,
    open_part::OpenPart,
    page::PageBuilder,
    query::{Place, Query},
    sealed_part::{Block, SealedPart, ranked},
    source::Source,
};

/// The end of the search of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All of it was looked through.
    Through,
    /// The page is full, or the time is over.
    Ended,
}

/// Copies of the lines of an open part that are to be looked at: few enough to be held. The part may be locked while they are copied, so none is
/// matched there.
pub(crate) struct HeldLines(Vec<(Place, Arc<Source>, KeptLine)>);

impl HeldLines {
    pub(crate) fn of(part: &OpenPart, query: &Query) -> Self {
        let mut held = Vec::new();
        for (index, open) in (0..).zip(&part.sources) {
            if !query.wants(&open.source) {
                continue;
            }
            let mut rank = 0;
            for (number, line) in (0..).zip(&open.lines) {
                rank = line.at.max(rank);
                let place = Place { part: part.number, rank, source: index, line: number };
                if query.looks_at(&place, line) {
                    held.push((place, Arc::clone(&open.source), line.clone()));
                }
            }
        }
        Self(held)
    }

    pub(crate) fn search(self, page: &mut PageBuilder<'_>) -> Outcome {
        let Self(mut held) = self;
        held.sort_unstable_by_key(|(place, ..)| Reverse(order(place)));
        for (place, source, line) in held {
            if !page.look(place, &source, line) {
                return Outcome::Ended;
            }
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
            sources.push(Blocks { part, file: &file, index, blocks, lines: Vec::new() });
        }
    }
    let mut heap: BinaryHeap<_> =
        sources.iter().enumerate().filter_map(|(at, blocks)| Some((order(&blocks.next()?), at))).collect();
    while let Some(mut newest) = heap.peek_mut() {
        let blocks = &mut sources[newest.1];
        if let Some((place, line)) = blocks.lines.pop() {
            if !page.look(place, &part.sources[blocks.index as usize], line) {
                return Ok(Outcome::Ended);
            }
        } else if let Some(block) = blocks.blocks.pop() {
            // Of what is left in this part, nothing is newer than this block's end.
            page.reach(blocks.place(block.last, block.first_line + block.lines));
            if page.is_over() {
                return Ok(Outcome::Ended);
            }
            if blocks.read(block, query)? && blocks.lines.is_empty() {
                page.looked();
            }
        }
        match blocks.next() {
            Some(next) => newest.0 = order(&next),
            None => _ = PeekMut::pop(newest),
        }
    }
    page.looked();
    Ok(Outcome::Through)
}

/// The blocks of one source that are left, and the lines of the one that was read last.
struct Blocks<'a> {
    part: &'a SealedPart,
    file: &'a File,
    index: u32,
    /// The newest at the end.
    blocks: Vec<&'a Block>,
    /// Those that are to be looked at, the newest at the end.
    lines: Vec<(Place, KeptLine)>,
}

impl Blocks<'_> {
    /// The place of the newest line that is left, or one behind which it is.
    fn next(&self) -> Option<Place> {
        match (self.lines.last(), self.blocks.last()) {
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

    /// Reads the lines of a block. False when there was no need to look into it.
    fn read(&mut self, block: &Block, query: &Query) -> io::Result<bool> {
        let first = self.place(block.first, block.first_line);
        let is_passed =
            query.before.is_some_and(|before| before.part == first.part && !first.is_behind(&before));
        if is_passed || block.latest < query.since || block.earliest > query.until {
            return Ok(false);
        }
        if !self.part.may_have(self.file, block, query.hashes())? {
            return Ok(true);
        }
        let Some(lines) = self.part.lines(self.file, block)? else {
            tracing::warn!(path = %self.part.path.display(), lines = block.lines, "kept lines are damaged and are left out");
            return Ok(true);
        };
        // The block's first line has this rank already.
        for (rank, number, line) in ranked(lines, block.first_line, block.first) {
            let place = self.place(rank, number);
            if query.looks_at(&place, &line) {
                self.lines.push((place, line));
            }
        }
        Ok(true)
    }
}

fn order(place: &Place) -> (u64, Reverse<u32>, u64) {
    (place.rank, Reverse(place.source), place.line)
}
