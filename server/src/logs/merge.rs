//! Lines of several sources, up to now, in one order: that of their times.

use std::{collections::VecDeque, sync::Arc};

use super::{
    error::SourceError,
    line::SourceLine,
    line_query::{LineFilter, LineQuery},
    plan::Share,
    source::{DISORDER, LineReader, LineSource},
};

/// A source's lines are put into order among so many of them, or of so many bytes.
const HELD: usize = 4_096;
const HELD_BYTES: usize = 1 << 20;
/// At most so many lines, or bytes, are told together.
const LINES: usize = 512;
const BYTES: usize = 64 << 10;

/// A line, and the index of its source.
pub(super) type MergedLine = (u16, SourceLine);

/// Puts the lines of sources together.
pub(super) struct Merge {
    heads: Vec<Head>,
    /// Of the lines of this time so many are passed over.
    seen: (u64, u64),
}

impl Merge {
    /// Opens the share of each source.
    pub(super) async fn open(
        sources: &[Arc<dyn LineSource>],
        shares: Vec<Share>,
        query: &LineQuery,
        seen: (u64, u64),
    ) -> Result<Self, SourceError> {
        let bounds = (query.since_at(), query.until_at());
        let mut heads = Vec::with_capacity(sources.len());
        for (source, share) in sources.iter().zip(shares) {
            let reader = match share.lines {
                Some(0) => None,
                _ => Some(source.open(share.start, bounds.1, query.follow).await?),
            };
            heads.push(Head {
                is_over: reader.is_none(),
                reader,
                share,
                bounds,
                filter: query.filter.clone(),
                order: Reorder::default(),
                ready: VecDeque::new(),
            });
        }
        Ok(Self { heads, seen })
    }

    /// The next lines; none at the end.
    pub(super) async fn next_lines(&mut self) -> Result<Vec<MergedLine>, SourceError> {
        let mut lines = Vec::new();
        let mut bytes = 0;
        while lines.len() < LINES && bytes < BYTES {
            if lines.is_empty() {
                for head in &mut self.heads {
                    head.fill().await?;
                }
            } else if self.heads.iter().any(Head::is_waiting) {
                // Lines that are there are told before more are waited for.
                break;
            }
            let times =
                self.heads.iter().enumerate().filter_map(|(at, head)| Some((head.ready.front()?.at, at)));
            let Some((_, first)) = times.min() else { break };
            let Some(line) = self.heads[first].ready.pop_front() else { break };
            if line.at == self.seen.0 && self.seen.1 > 0 {
                self.seen.1 -= 1;
                continue;
            }
            bytes += line.text.len();
            lines.push((index(first), line));
        }
        Ok(lines)
    }

    /// Takes the readers, each at its end.
    pub(super) fn into_readers(self) -> impl Iterator<Item = (u16, Box<dyn LineReader>)> {
        self.heads.into_iter().enumerate().filter_map(|(at, head)| Some((index(at), head.reader?)))
    }
}

fn index(at: usize) -> u16 {
    u16::try_from(at).expect("there are at most 16 sources")
}

/// One source, and its lines that come next.
struct Head {
    reader: Option<Box<dyn LineReader>>,
    share: Share,
    bounds: (u64, u64),
    filter: LineFilter,
    order: Reorder,
    ready: VecDeque<SourceLine>,
    /// No more lines come.
    is_over: bool,
}

impl Head {
    fn is_waiting(&self) -> bool {
        self.ready.is_empty() && !self.is_over
    }

    /// Reads until a line is ready, or none is to come.
    async fn fill(&mut self) -> Result<(), SourceError> {
        while self.is_waiting() {
            let Some(reader) = &mut self.reader else { break };
            let lines = reader.next_lines().await?;
            self.is_over = lines.is_empty();
            for line in lines {
                let (since, until) = (self.bounds.0.max(self.share.start.at), self.bounds.1);
                if (since..=until).contains(&line.at) && self.filter.passes(&line) {
                    self.order.push(line);
                }
            }
            while let Some(line) = self.order.pop(self.is_over) {
                self.accept(line);
            }
        }
        Ok(())
    }

    /// Takes a line that is next in order, where it belongs to this source's share.
    fn accept(&mut self, line: SourceLine) {
        let Share { start, lines, keep } = &mut self.share;
        if start.place.is_none() && line.at == start.at && start.skip > 0 {
            start.skip -= 1;
            return;
        }
        if let Some((at, left)) = keep
            && line.at == *at
        {
            if *left == 0 {
                return;
            }
            *left -= 1;
        }
        if let Some(left) = lines {
            if *left == 0 {
                return;
            }
            *left -= 1;
            self.is_over |= *left == 0;
        }
        self.ready.push_back(line);
    }
}

/// Puts lines that are almost in order into order.
#[derive(Debug, Default)]
struct Reorder {
    held: VecDeque<SourceLine>,
    bytes: usize,
    newest: u64,
}

impl Reorder {
    fn push(&mut self, line: SourceLine) {
        self.newest = self.newest.max(line.at);
        self.bytes += line.text.len();
        let later = self.held.iter().rev().take_while(|held| held.at > line.at).count();
        self.held.insert(self.held.len() - later, line);
    }

    /// Takes the next line, once none can come before it.
    fn pop(&mut self, is_over: bool) -> Option<SourceLine> {
        let first = self.held.front()?;
        let is_due = is_over
            || first.at.saturating_add(DISORDER) < self.newest
            || self.held.len() > HELD
            || self.bytes > HELD_BYTES;
        let line = if is_due { self.held.pop_front()? } else { return None };
        self.bytes -= line.text.len();
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: u64, text: &str) -> SourceLine {
        SourceLine { at, text: text.into(), ..SourceLine::default() }
    }

    #[test]
    fn a_line_that_comes_late_stands_where_it_was_written_and_equal_ones_as_they_came() {
        let mut order = Reorder::default();
        let mut told = Vec::new();
        for (at, text) in [(1, "a"), (5, "c"), (4, "b"), (5, "d"), (DISORDER + 10, "e")] {
            order.push(line(at, text));
            told.extend(std::iter::from_fn(|| order.pop(false)));
        }
        assert_eq!(told.len(), 4);
        told.extend(std::iter::from_fn(|| order.pop(true)));
        let texts: Vec<&[u8]> = told.iter().map(|line| &*line.text).collect();
        assert_eq!(texts, [b"a", b"b", b"c", b"d", b"e"]);
        assert_eq!(order.bytes, 0);
    }

    #[test]
    fn many_lines_of_one_time_are_not_held_without_bound() {
        let mut order = Reorder::default();
        for _ in 0..2 * HELD {
            order.push(line(7, "x"));
            order.pop(false);
        }
        assert!(order.held.len() <= HELD + 1);
        order.push(line(7, &"x".repeat(2 * HELD_BYTES)));
        while order.pop(false).is_some() {}
        assert!(order.bytes <= HELD_BYTES);
    }
}
