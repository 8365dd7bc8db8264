//! The borders of each source's share of the lines. Lines of several sources are in the order of their times, and those of one time
//! in the order of the sources: so a reader who says how many of a time it has is given the others, in both directions.

use std::collections::VecDeque;

use common::logs::LogMark;

/// Times that are kept beyond those that are wanted, for lines that come late.
const SPARE: usize = 8_192;

/// The lines of one source as a look from the end has found them: how many at each time, in order. None is missing from the first time on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Runs {
    runs: VecDeque<Run>,
    lines: u64,
    /// Lines before this time have been forgotten.
    floor: u64,
    /// The offset of each line, where the source knows places and not only times.
    pub(super) places: Vec<u64>,
}

/// Lines of one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    at: u64,
    lines: u64,
}

impl Runs {
    /// Notes a line. Those of a file come with places, in order.
    pub(super) fn add(&mut self, at: u64) {
        if at < self.floor {
            return;
        }
        self.lines += 1;
        let later = self.runs.iter().rev().take_while(|run| run.at > at).count();
        let index = self.runs.len() - later;
        match index.checked_sub(1).and_then(|before| self.runs.get_mut(before)) {
            Some(run) if run.at == at => run.lines += 1,
            _ => self.runs.insert(index, Run { at, lines: 1 }),
        }
    }

    /// Notes a line where the lines come from the newest to the oldest.
    pub(super) fn add_older(&mut self, at: u64) {
        self.lines += 1;
        let earlier = self.runs.iter().take_while(|run| run.at < at).count();
        match self.runs.get_mut(earlier) {
            Some(run) if run.at == at => run.lines += 1,
            _ => self.runs.insert(earlier, Run { at, lines: 1 }),
        }
    }

    /// The number of lines.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The oldest time.
    pub(super) fn oldest(&self) -> Option<u64> {
        self.runs.front().map(|run| run.at)
    }

    /// Forgets the oldest times that nobody needs who wants `count` lines.
    pub(super) fn keep(&mut self, count: u64) {
        while self.runs.len() > SPARE
            && let Some(first) = self.runs.front()
            && self.lines - first.lines >= count
        {
            self.floor = first.at + 1;
            self.forget_first();
        }
    }

    /// Forgets all lines up to a time: perhaps there are more of them.
    pub(super) fn forget_through(&mut self, at: u64) {
        while self.runs.front().is_some_and(|run| run.at <= at) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        self.lines -= self.runs.pop_front().map_or(0, |run| run.lines);
    }
}

/// The place at which a source is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Start {
    /// Lines of this time and later ones, Unix microseconds.
    pub(super) at: u64,
    /// Of those of this very time, so many are passed over. A source that goes by `place` passes over none.
    pub(super) skip: u64,
    /// The place, where the source knows places.
    pub(super) place: Option<FilePlace>,
    /// The place behind the last line that is wanted.
    pub(super) end: Option<u64>,
}

/// A line's place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FilePlace {
    /// The line's first byte.
    pub(super) offset: u64,
    /// True for the place behind it.
    pub(super) is_after: bool,
}

/// One source's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Share {
    pub(super) start: Start,
    /// So many lines; none for all.
    pub(super) lines: Option<u64>,
    /// Of the lines of this time, so many; none for all.
    pub(super) keep: Option<(u64, u64)>,
}

/// Some lines of one run.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    at: u64,
    source: usize,
    /// Lines of the run before these.
    before: u64,
    lines: u64,
}

/// Divides the newest `count` lines of all that were found among their sources.
pub(super) fn newest(
    found: &[Runs],
    since: Option<LogMark>,
    until: Option<LogMark>,
    count: u64,
) -> Vec<Share> {
    let mut stretches = stretches(found);
    if let Some(LogMark { at, seen }) = since {
        let mut seen = u64::from(seen);
        for stretch in stretches.iter_mut().filter(|stretch| stretch.at == at) {
            let less = seen.min(stretch.lines);
            seen -= less;
            stretch.before += less;
            stretch.lines -= less;
        }
    }
    take_seen(&mut stretches, until);
    // Behind the last line of each, for those that have none of the newest.
    let mut shares: Vec<Share> = found.iter().map(|runs| after(runs, since)).collect();
    let mut left = count;
    for stretch in stretches.iter().rev() {
        let taken = left.min(stretch.lines);
        if taken == 0 {
            continue;
        }
        left -= taken;
        let share = &mut shares[stretch.source];
        let skip = stretch.before + stretch.lines - taken;
        let place = place(&found[stretch.source], stretch.at, skip);
        share.start = Start { at: stretch.at, skip, place, end: None };
        share.lines = share.lines.map(|lines| lines + taken);
    }
    shares
}

/// The shares of all lines from `since` up to those that a reader has at the time `until`.
pub(super) fn up_to(found: &[Runs], since: Option<LogMark>, until: LogMark) -> Vec<Share> {
    let mut stretches = stretches(found);
    take_seen(&mut stretches, Some(until));
    let at = since.map_or(0, |mark| mark.at);
    let mut shares = vec![Share { start: Start { at, ..Start::default() }, ..Share::default() }; found.len()];
    for stretch in stretches.iter().filter(|stretch| stretch.at == until.at) {
        let runs = &found[stretch.source];
        let share = &mut shares[stretch.source];
        share.start.end = place(runs, until.at, stretch.lines).map(|place| place.offset);
        // A source that knows places has only looked at the lines that the reader has.
        share.keep = runs.places.is_empty().then_some((until.at, stretch.lines));
    }
    shares
}

fn stretches(found: &[Runs]) -> Vec<Stretch> {
    let of_source = |(source, runs): (usize, &Runs)| -> Vec<Stretch> {
        runs.runs.iter().map(|run| Stretch { at: run.at, source, before: 0, lines: run.lines }).collect()
    };
    let mut all: Vec<Stretch> = found.iter().enumerate().flat_map(of_source).collect();
    all.sort_by_key(|stretch| (stretch.at, stretch.source));
    all
}

/// Takes off the lines that a reader has at the time `until`: the last ones.
fn take_seen(stretches: &mut [Stretch], until: Option<LogMark>) {
    let Some(LogMark { at, seen }) = until else { return };
    let mut seen = u64::from(seen);
    for stretch in stretches.iter_mut().rev().filter(|stretch| stretch.at == at) {
        let less = seen.min(stretch.lines);
        seen -= less;
        stretch.lines -= less;
    }
}

fn after(runs: &Runs, since: Option<LogMark>) -> Share {
    let start = match runs.runs.back() {
        Some(last) => Start {
            at: last.at,
            skip: last.lines,
            place: runs.places.last().map(|offset| FilePlace { offset: *offset, is_after: true }),
            end: None,
        },
        None => Start { at: since.map_or(0, |mark| mark.at), ..Start::default() },
    };
    Share { start, lines: Some(0), keep: None }
}

/// The place of the line before which there are so many of its time.
fn place(runs: &Runs, at: u64, before: u64) -> Option<FilePlace> {
    let earlier: u64 = runs.runs.iter().take_while(|run| run.at < at).map(|run| run.lines).sum();
    let offset = runs.places.get(usize::try_from(earlier + before).ok()?)?;
    Some(FilePlace { offset: *offset, is_after: false })
}

#[cfg(test)]
mod tests;
