//! Windows: the newest lines of an engine that reach back far enough.

use std::sync::atomic::Ordering;

use container_engine::{
    EventTime, Product,
    logs::{LogLine, LogQuery, PIECES},
};

use super::{
    ContainerLines,
    answer::{Answer, LATE},
    from, microseconds,
};
use crate::logs::{
    error::SourceError,
    plan::Runs,
    source::{DISORDER, Newest},
};

/// More lines than are wanted, for a first look.
const SPARE: u64 = 2 * LATE as u64;
/// A window that was too small is followed by one that is so much larger.
const GROWTH: u64 = 8;
/// A window that would be larger is all that there is.
const LARGEST: u64 = 4_000_000;
/// The size of the pieces of Docker's long lines, and each counts.
const PIECE: u64 = 16 * 1_024;

/// The sizes of windows, one after the other; none at the end, for all lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes(Option<u64>);

impl Sizes {
    pub(super) fn from(count: u64) -> Self {
        Self(Some(count.saturating_add(SPARE)).filter(|size| *size <= LARGEST))
    }

    pub(super) fn all() -> Self {
        Self(None)
    }

    pub(super) fn now(self) -> Option<u32> {
        self.0.and_then(|size| u32::try_from(size).ok())
    }

    pub(super) fn grow(&mut self) {
        self.0 = self.0.map(|size| size * GROWTH).filter(|size| *size <= LARGEST);
    }
}

/// Looks for the newest lines.
pub(super) async fn newest(source: &ContainerLines, wanted: Newest) -> Result<Runs, SourceError> {
    let mut sizes = Sizes::from(wanted.count);
    // The first line of the window before: one that has the same begins where the log does.
    let mut first_before: Option<LogLine> = None;
    loop {
        let size = sizes.now();
        let mut window = open(source, size, wanted.since, wanted.until).await?;
        let first = window.answer.next().await?;
        let is_same = window.product == Product::Docker && first.is_some() && first == first_before;
        let mut looked = Look::default();
        if let Some(first) = &first {
            looked.take(first.clone(), &wanted);
        }
        while let Some(line) = window.answer.next().await? {
            looked.take(line, &wanted);
        }
        // A line that came while this was read makes it more, and never less.
        let has_all = wanted.until == u64::MAX && size.is_none_or(|size| looked.pieces < u64::from(size));
        let is_whole = window.is_all || is_same || (has_all && window.product == Product::Docker);
        if is_whole {
            return Ok(looked.runs);
        }
        if let Some(begin) = looked.begin {
            let complete = match window.product {
                Product::Docker => looked.complete(),
                // Its window may begin in the middle of a line.
                Product::Podman => begin,
            };
            looked.runs.forget_through(complete);
            if looked.runs.lines() >= wanted.count.max(1) || complete < wanted.since {
                source.window.store(size.map_or(0, u64::from), Ordering::Relaxed);
                return Ok(looked.runs);
            }
        }
        first_before = first;
        // Podman reads all that it has, whatever it is asked for.
        if window.product == Product::Podman { sizes = Sizes::all() } else { sizes.grow() }
    }
}

/// The lines of a window so far.
#[derive(Default)]
struct Look {
    runs: Runs,
    lines: usize,
    /// At most so many pieces.
    pieces: u64,
    /// The time of the first line.
    begin: Option<u64>,
    /// The time of the last line.
    at: u64,
    /// The latest time of the first lines, behind which none is late.
    late: u64,
}

impl Look {
    fn take(&mut self, line: LogLine, wanted: &Newest) {
        self.lines += 1;
        self.pieces += 1 + line.length / PIECE;
        let line = super::line(line, self.at);
        self.at = line.at;
        self.begin.get_or_insert(line.at);
        if self.lines <= LATE {
            self.late = self.late.max(line.at);
        }
        if (wanted.since..=wanted.until).contains(&line.at) && wanted.filter.passes(&line) {
            self.runs.add(line.at);
            self.runs.keep(wanted.count.max(1));
        }
    }

    /// The time after which no line is missing.
    fn complete(&self) -> u64 {
        let soon = self.begin.unwrap_or_default() + DISORDER;
        if self.lines > LATE { soon.min(self.late) } else { soon }
    }
}

/// Lines from the beginning of a window on.
pub(super) struct Window {
    pub(super) answer: Answer,
    pub(super) product: Product,
    /// True if it begins where the log does, or where the lines that are wanted do.
    is_all: bool,
}

/// Opens a window of so many lines, up to a time.
async fn open(
    source: &ContainerLines,
    size: Option<u32>,
    since: u64,
    until: u64,
) -> Result<Window, SourceError> {
    let (engine, version) = source.engine()?;
    let product = version.product;
    let mut query = LogQuery { follow: false, tail: size, since: None, until: late(until) };
    let mut is_all = size.is_none();
    if size.is_none() {
        query.since = (since > 0).then(|| asked_from(product, since));
    } else if product == Product::Podman {
        // The window begins some seconds earlier, so that the first lines of it that count are whole.
        let first = engine.logs(&version, &source.id, &query).await?.next().await?;
        let begin = first.and_then(|line| line.time);
        query.since = begin.map(|begin| EventTime(begin.floor_second().0.saturating_sub(PIECES)));
        query.tail = None;
        is_all = begin.is_none_or(|begin| microseconds(begin) < since);
        if is_all {
            query.since = (since > 0).then(|| asked_from(product, since));
        }
    }
    let answer = Answer::new(engine.logs(&version, &source.id, &query).await?);
    Ok(Window { answer, product, is_all })
}

/// Opens the lines of a container at a time or before it, up to another.
pub(super) async fn open_at(source: &ContainerLines, at: u64, until: u64) -> Result<Window, SourceError> {
    let known = source.window.load(Ordering::Relaxed);
    let mut sizes = match known {
        _ if source.begins_after(at) => Sizes::all(),
        0 => Sizes::from(0),
        // It has just reached so far.
        size => Sizes(Some(size)),
    };
    loop {
        let (engine, version) = source.engine()?;
        let product = version.product;
        // Podman reads all that it has, whatever it is asked for.
        let size = sizes.now().filter(|_| product == Product::Docker);
        let since = (size.is_none() && at > 0).then(|| asked_from(product, at.saturating_sub(DISORDER + 1)));
        let query = LogQuery { follow: false, tail: size, since, until: late(until) };
        let mut answer = Answer::new(engine.logs(&version, &source.id, &query).await?);
        if size.is_none() || answer.reaches(at).await? {
            return Ok(Window { answer, product, is_all: size.is_none() });
        }
        sizes.grow();
    }
}

/// The time from which an engine is asked, so that every line from `at` on comes, and is whole. Lines before that are passed over.
fn asked_from(product: Product, at: u64) -> EventTime {
    let before = if product == Product::Docker { 0 } else { PIECES / 1_000 };
    from(at.saturating_sub(before))
}

/// The time up to which an engine is asked: it ends at the first line that is later, though an earlier one may follow.
fn late(until: u64) -> Option<EventTime> {
    (until < u64::MAX).then(|| from(until.saturating_add(DISORDER + 1)))
}
