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
/// The end of the search's time is looked for before its second line, and then after so many lines, or bytes of their texts.
const LINES_BETWEEN: usize = 256;
const BYTES_BETWEEN: usize = 4 << 10;

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
    /// All before this place, and the line of it, was looked at.
    reached: Option<Place>,
    /// Something was looked at for this page. Until then it does not end, so that pages get on.
    has_looked: bool,
    /// The lines that were looked at since the end of the time was looked for, and the bytes of their texts.
    unwatched: (usize, usize),
    room: String,
}

impl<'a> PageBuilder<'a> {
    pub(crate) fn new(query: &'a Query) -> Self {
        Self {
            query,
            page: Page::default(),
            lines: 0,
            bytes: 0,
            last: HashMap::new(),
            reached: query.before,
            has_looked: false,
            unwatched: (LINES_BETWEEN, 0),
            room: String::new(),
        }
    }

    /// Looks at the next line. False when the page ends before it.
    pub(crate) fn look(&mut self, place: Place, source: &Arc<Source>, line: KeptLine) -> bool {
        self.unwatched.0 += 1;
        self.unwatched.1 += line.text.len();
        if self.has_looked && (self.unwatched.0 > LINES_BETWEEN || self.unwatched.1 > BYTES_BETWEEN) {
            self.unwatched = (0, 0);
            if self.is_over() {
                return false;
            }
        }
        if self.query.finds(&line.text, &mut self.room) && !self.take(source, line) {
            return false;
        }
        self.looked();
        self.reach(place);
        true
    }

    /// Notes that something was looked at, also where there was no line.
    pub(crate) fn looked(&mut self) {
        self.has_looked = true;
    }

    /// Notes that all before this place was looked at, unless the page has come further already.
    pub(crate) fn reach(&mut self, place: Place) {
        if self.reached.is_none_or(|reached| reached.part != place.part || place.is_behind(&reached)) {
            self.reached = Some(place);
        }
    }

    /// Reports that the search is to end, and that the next page has less to look at than this one.
    pub(crate) fn is_over(&self) -> bool {
        self.has_looked && self.reached != self.query.before && self.query.is_over()
    }

    /// Takes a line that was found. False when there is no room for it: the page ends before it.
    fn take(&mut self, source: &Arc<Source>, line: KeptLine) -> bool {
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

    /// Ends the page where it has come to.
    pub(crate) fn end(self) -> Page {
        Page { next: self.reached, ..self.page }
    }

    /// Ends the last page.
    pub(crate) fn end_through(self) -> Page {
        self.page
    }
}
