//! The state of the page: its sources, its lines, and the reader's view of them.

use common::logs::LogSource;

use super::{
    drawn::{DrawnRows, LinesElements},
    entries::SourceChoice,
    level_name::LevelGroup,
    plain,
    reading::{PAGE, ReadingSlot, StreamState},
    ring::{KeptLine, LineRing},
    search::LineSearch,
    sieve::{LineFilter, LineSieve},
    stamp::TimeStyle,
    words::LogsWords,
};
use crate::{
    i18n::Words,
    live::{Cell, Clock, Stored},
    ports::Browser,
    widgets::ElementRef,
};

/// As many lines are looked at before each frame, at most.
const LOOKED_AT: usize = 20_000;

/// The lines, and which of them are shown.
#[derive(Default)]
pub(super) struct LogLines {
    pub(super) ring: LineRing,
    pub(super) sieve: LineSieve,
    /// The number after the last line that the reader has seen, while the page does not follow.
    pub(super) left_at: u64,
    /// The number after the last line that was there when the page was drawn last.
    pub(super) drawn_to: u64,
    /// Lines that came and went between two frames.
    pub(super) undrawn: u64,
    /// The number after the lines that were written before the page came.
    pub(super) history_to: u64,
}

/// The lines that the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LogsMode {
    /// The newest, and those that come.
    Live,
    /// From a moment on, Unix microseconds.
    Moment(u64),
    /// Those of all history that match a pattern.
    Found(String),
}

/// The numbers that stand beside the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct LinesSummary {
    pub(super) kept: usize,
    pub(super) shown: usize,
    pub(super) found: usize,
    /// The place of the match that the reader is at, from 1; 0 at none.
    pub(super) at: usize,
    pub(super) dropped: u64,
    pub(super) undrawn: u64,
    /// Lines that came while the page did not follow.
    pub(super) fresh: u64,
    /// True while lines are searched.
    pub(super) is_searching: bool,
}

#[derive(Clone, Copy)]
pub(super) struct LogsBoard {
    pub(super) sources: Cell<Vec<LogSource>>,
    /// The sources that can be chosen.
    pub(super) listed: Cell<Vec<SourceChoice>>,
    pub(super) list_failed: Cell<bool>,
    pub(super) mode: Cell<LogsMode>,
    pub(super) state: Cell<StreamState>,
    /// True if nothing older is to be had.
    pub(super) at_begin: Cell<bool>,
    pub(super) loads_earlier: Cell<bool>,
    /// Why earlier lines did not come.
    pub(super) earlier_failed: Cell<Option<String>>,
    /// The number of the first line when earlier ones were asked for.
    pub(super) earlier_before: Stored<u64>,
    pub(super) lines: Stored<LogLines>,
    pub(super) changed: Cell<()>,
    pub(super) summary: Cell<LinesSummary>,
    pub(super) follows: Cell<bool>,
    pub(super) wraps: Cell<bool>,
    pub(super) times: Cell<TimeStyle>,
    pub(super) level: Cell<Option<LevelGroup>>,
    pub(super) only_matching: Cell<bool>,
    pub(super) is_expression: Cell<bool>,
    pub(super) search: Cell<Option<LineSearch>>,
    /// The browser's word on an expression that is none.
    pub(super) bad_search: Cell<Option<String>>,
    /// The line that the reader was led to.
    pub(super) current: Cell<Option<u64>>,
    /// A line to be brought into view.
    pub(super) target: Stored<Option<u64>>,
    pub(super) field: ElementRef,
    pub(super) elements: LinesElements,
    pub(super) clock: Clock,
    pub(super) drawn: Stored<DrawnRows>,
    /// True while a pointer is held on the lines: what is being selected must not move.
    pub(super) is_held: Stored<bool>,
    pub(super) main: Stored<ReadingSlot>,
    pub(super) earlier: Stored<ReadingSlot>,
    pub(super) words: &'static LogsWords,
    pub(super) common: &'static Words,
    browser: Stored<Browser>,
}

impl LogsBoard {
    /// One without lines.
    pub(super) fn new(browser: Browser) -> Self {
        Self {
            sources: Cell::new(Vec::new()),
            listed: Cell::new(Vec::new()),
            list_failed: Cell::new(false),
            mode: Cell::new(LogsMode::Live),
            state: Cell::new(StreamState::Idle),
            at_begin: Cell::new(false),
            loads_earlier: Cell::new(false),
            earlier_failed: Cell::new(None),
            earlier_before: Stored::new(0),
            lines: Stored::new(LogLines::default()),
            changed: Cell::new(()),
            summary: Cell::new(LinesSummary::default()),
            follows: Cell::new(true),
            wraps: Cell::new(true),
            times: Cell::new(TimeStyle::Local),
            level: Cell::new(None),
            only_matching: Cell::new(false),
            is_expression: Cell::new(false),
            search: Cell::new(None),
            bad_search: Cell::new(None),
            current: Cell::new(None),
            target: Stored::new(None),
            field: ElementRef::new(),
            elements: LinesElements::new(),
            clock: Clock::here(),
            drawn: Stored::new(DrawnRows::default()),
            is_held: Stored::new(false),
            main: Stored::new(ReadingSlot::default()),
            earlier: Stored::new(ReadingSlot::default()),
            words: LogsWords::here(),
            common: Words::here(),
            browser: Stored::new(browser),
        }
    }

    pub(super) fn browser(self) -> Option<Browser> {
        self.browser.with(Browser::clone)
    }

    /// Shows other lines: what was found out of the old ones is forgotten.
    pub(super) fn clear(self) {
        let mut lines = LogLines::default();
        lines.history_to = lines.ring.end() + u64::from(PAGE);
        self.lines.set(lines);
        self.current.set(None);
        self.at_begin.set(false);
        self.earlier_failed.set(None);
        self.follows.set(true);
        self.filter();
    }

    /// Applies the conditions anew, by which lines are shown and found.
    pub(super) fn filter(self) {
        let filter = LineFilter { level: self.level.peek(), only_matching: self.only_matching.peek() };
        let searches = self.search.look(Option::is_some).unwrap_or_default();
        self.lines.update(|lines| lines.sieve.reset(filter, searches));
        self.redraw();
    }

    /// Draws all rows anew: they look different now.
    pub(super) fn redraw(self) {
        self.drawn.update(|drawn| drawn.is_stale = true);
        self.changed.set(());
    }

    /// Searches for what the reader has written.
    pub(super) fn search_for(self, text: &str) {
        let is_expression = self.is_expression.peek();
        let (search, bad) = match LineSearch::new(text, is_expression) {
            _ if text.is_empty() => (None, None),
            Ok(search) => (Some(search), None),
            Err(why) => (None, Some(why)),
        };
        self.search.set(search);
        self.bad_search.set(bad);
        self.current.set(None);
        self.filter();
    }

    /// Looks at the lines that have come since the last time. Returns true if some are left for the next frame.
    pub(super) fn look(self, lines: &mut LogLines) -> bool {
        let search = self.search.peek();
        let LogLines { ring, sieve, .. } = lines;
        let test =
            |line: &KeptLine| search.as_ref().is_some_and(|search| search.is_in(&plain::plain(&line.text)));
        sieve.look(ring, &test, LOOKED_AT)
    }

    /// Leads to the next match, or the one before.
    pub(super) fn step(self, forward: bool) {
        let from = self.current.peek();
        let to = self.lines.with(|lines| lines.sieve.step(from, forward)).flatten();
        if let Some(to) = to {
            self.lead_to(to);
        }
    }

    /// Brings a line into view and marks it.
    pub(super) fn lead_to(self, number: u64) {
        self.pause();
        self.target.set(Some(number));
        self.current.set(Some(number));
        self.redraw();
    }

    /// Stays where the reader is, whatever comes.
    pub(super) fn pause(self) {
        if self.follows.peek() {
            self.lines.update(|lines| lines.left_at = lines.ring.end());
            self.follows.set(false);
        }
    }

    /// Goes to the newest lines and stays there. Where newer ones were not loaded, it asks for the newest.
    pub(super) fn follow(self) {
        if self.mode.peek() != LogsMode::Live {
            return self.read_newest();
        }
        self.lines.update(|lines| (lines.undrawn, lines.left_at) = (0, 0));
        self.current.set(None);
        self.follows.set(true);
        self.redraw();
        if matches!(self.state.peek(), StreamState::Cut) {
            self.read_newest();
        }
    }
}

impl Default for LineRing {
    fn default() -> Self {
        Self::new()
    }
}
