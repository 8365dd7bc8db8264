//! Following one connection: the last of what stood on it.

use std::{any::Any, collections::VecDeque, sync::Arc};

use common::connection::{Connection, Frame};
use send_wrapper::SendWrapper;

use crate::{
    live::{Kept, Slot},
    ports::{Browser, ConnectionPorts, Overheard},
};

/// As many are shown.
const SHOWN: usize = 200;
/// Frames that come in a shorter time are shown together, milliseconds.
const TOGETHER_MS: f64 = 250.0;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Frame(Frame),
    /// So many are not there.
    Missed(u64),
}

/// How it stands with following.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    On,
    /// The reader wants to look; so many have come since.
    Paused(usize),
    /// The connection has ended.
    Ended,
    /// It cannot be followed any more.
    Lost,
}

#[derive(Clone, Copy)]
pub(super) struct Following {
    /// Which one.
    pub(super) of: Slot<Option<Arc<Connection>>>,
    /// The newest first.
    pub(super) lines: Slot<VecDeque<Line>>,
    pub(super) stand: Slot<Stand>,
    /// What has come and is not shown yet.
    fresh: Kept<Vec<Line>>,
    shown_at: Kept<f64>,
    browser: Kept<Browser>,
    guard: Kept<Option<SendWrapper<Box<dyn Any>>>>,
}

impl Following {
    pub(super) fn new(browser: Browser) -> Self {
        Self {
            of: Slot::new(None),
            lines: Slot::new(VecDeque::new()),
            stand: Slot::new(Stand::On),
            fresh: Kept::new(Vec::new()),
            shown_at: Kept::new(0.0),
            browser: Kept::new(browser),
            guard: Kept::new(None),
        }
    }

    /// Whether one is followed, tracked.
    pub(super) fn is_on(self) -> bool {
        self.of.with(Option::is_some)
    }

    /// Whether it is this one, tracked.
    pub(super) fn is_of(self, id: u64) -> bool {
        self.of.with(|of| of.as_ref().is_some_and(|of| of.id == id))
    }

    /// Follows a connection; the one that is followed, no more.
    pub(super) fn turn(self, one: &Arc<Connection>, ports: &dyn ConnectionPorts) {
        let same = self.of.look(|of| of.as_ref().is_some_and(|of| of.id == one.id)) == Some(true);
        self.close();
        if !same {
            self.of.set(Some(one.clone()));
            let guard = ports.follow(one.id, Box::new(move |overheard| self.hear(overheard)));
            self.guard.set(Some(SendWrapper::new(guard)));
        }
    }

    /// Follows none.
    pub(super) fn close(self) {
        self.guard.set(None);
        self.fresh.set(Vec::new());
        self.lines.set(VecDeque::new());
        self.stand.set(Stand::On);
        self.of.set(None);
    }

    /// Stops showing what comes, or goes on.
    pub(super) fn pause(self) {
        match self.stand.peek() {
            Stand::On => self.stand.set(Stand::Paused(0)),
            Stand::Paused(0) => self.stand.set(Stand::On),
            Stand::Paused(missed) => {
                self.stand.set(Stand::On);
                self.push(Line::Missed(missed as u64));
            }
            Stand::Ended | Stand::Lost => {}
        }
    }

    fn hear(self, overheard: Overheard) {
        // The page may have been left.
        let Some(stand) = self.stand.look(Clone::clone) else { return };
        match (overheard, stand) {
            (Overheard::Ended, _) => self.stop(Stand::Ended),
            (Overheard::Lost, _) => self.stop(Stand::Lost),
            (Overheard::Frame(_), Stand::Paused(count)) => self.stand.set(Stand::Paused(count + 1)),
            (Overheard::Missed(more), Stand::Paused(count)) => {
                self.stand.set(Stand::Paused(count + more as usize));
            }
            (Overheard::Frame(frame), _) => self.push(Line::Frame(frame)),
            (Overheard::Missed(count), _) => self.push(Line::Missed(count)),
        }
    }

    fn stop(self, stand: Stand) {
        self.show();
        self.stand.set(stand);
    }

    fn push(self, line: Line) {
        self.fresh.update(|fresh| {
            // What would not be shown anyway is not kept either.
            if fresh.len() >= SHOWN {
                fresh.remove(0);
            }
            fresh.push(line);
        });
        let waited = self.browser.with(|browser| browser.now()).zip(self.shown_at.with(|at| *at));
        if waited.is_some_and(|(now, at)| !(0.0..TOGETHER_MS).contains(&(now - at))) {
            self.show();
        }
    }

    /// Shows what has come.
    pub(super) fn show(self) {
        let Some(fresh) = self.fresh.update(std::mem::take).filter(|fresh| !fresh.is_empty()) else { return };
        if let Some(now) = self.browser.with(|browser| browser.now()) {
            self.shown_at.set(now);
        }
        self.lines.update(|lines| {
            for line in fresh {
                lines.push_front(line);
            }
            lines.truncate(SHOWN);
        });
    }
}
