//! A page of what was found.

use std::{collections::HashMap, sync::Arc};

use crate::{
    line::KeptLine,
    query::{Place, Query},
    source::Source,
};

/// The most lines that stand behind the hits of a page.
const LINES: u64 = 10_000;
/// The bytes of the texts of a page, after which it ends.
const BYTES: usize = 4 << 20;

/// A page of what was found, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The hits.
    pub hits: Vec<Hit>,
    /// The place behind which the next page begins; none when nothing is left to look at.
    pub next: Option<Place>,
}

/// A line that was found, and equal ones of its source that follow each other among what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The source.
    pub source: Arc<Source>,
    /// The newest of them.
    pub line: KeptLine,
    /// Their number.
    pub repeated: u64,
    /// The time of the oldest of them.
    pub first_at: u64,
}

/// A page that is being filled.
pub(crate) struct PageBuilder<'a> {
    pub(crate) query: &'a Query,
    page: Page,
    lines: u64,
    bytes: usize,
    /// The last hit of each source.
    last: HashMap<Arc<Source>, usize>,
}

impl<'a> PageBuilder<'a> {
    pub(crate) fn new(query: &'a Query) -> Self {
        Self { query, page: Page::default(), lines: 0, bytes: 0, last: HashMap::new() }
    }

    /// Takes the next line. False when there is no room for it: the page ends before it.
    pub(crate) fn take(&mut self, source: &Arc<Source>, line: KeptLine) -> bool {
        if self.lines >= LINES {
            return false;
        }
        if let Some(hit) = self.last.get(source).map(|at| &mut self.page.hits[*at])
            && (&hit.line.text, hit.line.stderr, hit.line.cut) == (&line.text, line.stderr, line.cut)
        {
            hit.repeated += 1;
            hit.first_at = line.at;
        } else if self.page.hits.len() >= self.query.limit || self.bytes >= BYTES {
            return false;
        } else {
            self.bytes += line.text.len();
            self.last.insert(Arc::clone(source), self.page.hits.len());
            let (source, first_at) = (Arc::clone(source), line.at);
            self.page.hits.push(Hit { source, line, repeated: 1, first_at });
        }
        self.lines += 1;
        true
    }

    /// Ends the page.
    pub(crate) fn end(self, next: Option<Place>) -> Page {
        Page { next, ..self.page }
    }
}
