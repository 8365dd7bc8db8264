//! A search.

use std::{
    fmt,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use regex::Regex;

use crate::{line::KeptLine, source::Source, words::Words};

/// A search for lines, which come the newest first.
#[derive(Debug, Clone)]
pub struct Query {
    /// Hosts, or none for all.
    pub hosts: Vec<String>,
    /// Sources by their key or their name, or none for all.
    pub sources: Vec<String>,
    /// Words that a line has.
    pub words: Option<Words>,
    /// A pattern that its text matches.
    pub pattern: Option<Regex>,
    /// The first time, Unix microseconds.
    pub since: u64,
    /// The last time.
    pub until: u64,
    /// The place where the page before has ended.
    pub before: Option<Place>,
    /// The most hits of a page.
    pub limit: usize,
    /// When the search ends with what it has found so far.
    pub deadline: Instant,
    /// Ends the search as its deadline does, once it is true: nobody waits for it any more. A clone has the same one.
    pub stop: Arc<AtomicBool>,
}

impl Query {
    /// The hits of a page, where nothing else is said.
    pub const LIMIT: usize = 100;

    /// Looks for all lines.
    #[must_use]
    pub fn all(deadline: Instant) -> Self {
        Self {
            hosts: Vec::new(),
            sources: Vec::new(),
            words: None,
            pattern: None,
            since: 0,
            until: u64::MAX,
            before: None,
            limit: Self::LIMIT,
            deadline,
            stop: Arc::default(),
        }
    }

    pub(crate) fn wants(&self, source: &Source) -> bool {
        let is_any = |wanted: &[String], of: &[&String]| {
            wanted.is_empty() || of.iter().any(|name| wanted.contains(name))
        };
        is_any(&self.hosts, &[&source.host]) && is_any(&self.sources, &[&source.key, &source.name])
    }

    /// Reports that a line is looked at: it stands where this page looks, and in the time. This takes no time, whatever its text is.
    pub(crate) fn looks_at(&self, place: &Place, line: &KeptLine) -> bool {
        (self.since..=self.until).contains(&line.at)
            && self.before.is_none_or(|before| before.part != place.part || place.is_behind(&before))
    }

    /// Reports that a line has the words and matches the pattern. `room` is used again for each line.
    pub(crate) fn finds(&self, text: &str, room: &mut String) -> bool {
        #[cfg(test)]
        tests::MATCHING.with_borrow(|matching| matching.iter().for_each(|matching| matching()));
        self.words.as_ref().is_none_or(|words| words.are_in(text, room))
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
    }

    /// Reports that the search is to end.
    pub(crate) fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || Instant::now() >= self.deadline
    }

    /// Hashes of which a block without all has no line that is looked for.
    pub(crate) fn hashes(&self) -> &[u64] {
        self.words.as_ref().map_or(&[], Words::hashes)
    }
}

/// The place of a line among all. Lines stand in the order of their parts, within those of their times, then of their sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The number of the part.
    pub(crate) part: u64,
    /// The latest time of its source's lines in this part up to this one.
    pub(crate) rank: u64,
    /// The source's index in the part.
    pub(crate) source: u32,
    /// The line's index among those of its source in this part.
    pub(crate) line: u64,
}

impl Place {
    /// The place before all lines of a part.
    pub(crate) fn begin(part: u64) -> Self {
        Self { part, rank: u64::MAX, source: 0, line: u64::MAX }
    }

    /// Reports that this place is older than another, of the same part.
    pub(crate) fn is_behind(&self, other: &Self) -> bool {
        let key = |place: &Self| (place.rank, std::cmp::Reverse(place.source), place.line);
        key(self) < key(other)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.part, self.rank, self.source, self.line)
    }
}

impl FromStr for Place {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        let mut numbers = text.split('.');
        let mut next = || numbers.next().filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        let place = (|| {
            Some(Self {
                part: next()?.parse().ok()?,
                rank: next()?.parse().ok()?,
                source: next()?.parse().ok()?,
                line: next()?.parse().ok()?,
            })
        })();
        place.filter(|_| numbers.next().is_none()).ok_or(BadPlace)
    }
}

/// A text that is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place where a page has ended")]
pub struct BadPlace;

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::RefCell;

    thread_local! {
        /// Called by this thread's searches before each line is matched.
        pub(crate) static MATCHING: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
    }
}
