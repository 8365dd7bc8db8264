//! Following one connection: the last of what stood on it.

use std::{any::Any, collections::VecDeque, sync::Arc};

use common::connection::{Connection, Frame};
use send_wrapper::SendWrapper;

use crate::{
    live::{Cell, Stored},
    ports::{Browser, ConnectionPorts, FrameEvent},
};

/// As many are shown.
const SHOWN: usize = 200;
/// Frames that come in a shorter time are shown together, milliseconds.
const TOGETHER_MS: f64 = 250.0;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ListItem {
    Frame(Frame),
    /// So many are not there.
    Missed(u64),
}

/// The state of following a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FollowState {
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
    pub(super) of: Cell<Option<Arc<Connection>>>,
    /// The newest first.
    pub(super) lines: Cell<VecDeque<ListItem>>,
    pub(super) stand: Cell<FollowState>,
    /// Frames that have come and are not shown yet.
    fresh: Stored<Vec<ListItem>>,
    shown_at: Stored<f64>,
    browser: Stored<Browser>,
    guard: Stored<Option<SendWrapper<Box<dyn Any>>>>,
}

impl Following {
    pub(super) fn new(browser: Browser) -> Self {
        Self {
            of: Cell::new(None),
            lines: Cell::new(VecDeque::new()),
            stand: Cell::new(FollowState::On),
            fresh: Stored::new(Vec::new()),
            shown_at: Stored::new(0.0),
            browser: Stored::new(browser),
            guard: Stored::new(None),
        }
    }

    /// Returns true if a connection is followed, tracked.
    pub(super) fn is_on(self) -> bool {
        self.of.with(Option::is_some)
    }

    /// Returns true if this connection is followed, tracked.
    pub(super) fn is_of(self, id: u64) -> bool {
        self.of.with(|of| of.as_ref().is_some_and(|of| of.id == id))
    }

    /// Follows a connection; the one that is followed, no more.
    pub(super) fn turn(self, one: &Arc<Connection>, ports: &dyn ConnectionPorts) {
        let same = self.of.look(|of| of.as_ref().is_some_and(|of| of.id == one.id)) == Some(true);
        self.close();
        if !same {
            self.of.set(Some(one.clone()));
            let guard = ports.follow(one.id, Box::new(move |overheard| self.listen(overheard)));
            self.guard.set(Some(SendWrapper::new(guard)));
        }
    }

    /// Follows none.
    pub(super) fn close(self) {
        self.guard.set(None);
        self.fresh.set(Vec::new());
        self.lines.set(VecDeque::new());
        self.stand.set(FollowState::On);
        self.of.set(None);
    }

    /// Stops showing what comes, or goes on.
    pub(super) fn pause(self) {
        match self.stand.peek() {
            FollowState::On => self.stand.set(FollowState::Paused(0)),
            FollowState::Paused(0) => self.stand.set(FollowState::On),
            FollowState::Paused(missed) => {
                self.stand.set(FollowState::On);
                self.push(ListItem::Missed(missed as u64));
            }
            FollowState::Ended | FollowState::Lost => {}
        }
    }

    fn listen(self, overheard: FrameEvent) {
        // The page may have been left.
        let Some(stand) = self.stand.look(Clone::clone) else { return };
        match (overheard, stand) {
            (FrameEvent::Ended, _) => self.stop(FollowState::Ended),
            (FrameEvent::Lost, _) => self.stop(FollowState::Lost),
            (FrameEvent::Frame(_), FollowState::Paused(count)) => {
                self.stand.set(FollowState::Paused(count + 1));
            }
            (FrameEvent::Missed(more), FollowState::Paused(count)) => {
                self.stand.set(FollowState::Paused(count + more as usize));
            }
            (FrameEvent::Frame(frame), _) => self.push(ListItem::Frame(frame)),
            (FrameEvent::Missed(count), _) => self.push(ListItem::Missed(count)),
        }
    }

    fn stop(self, stand: FollowState) {
        self.show();
        self.stand.set(stand);
    }

    fn push(self, line: ListItem) {
        self.fresh.update(|fresh| {
            // Frames beyond the shown ones are not kept either.
            if fresh.len() >= SHOWN {
                fresh.remove(0);
            }
            fresh.push(line);
        });
        let waited = self.browser.with(|browser| browser.clock.now()).zip(self.shown_at.with(|at| *at));
        if waited.is_some_and(|(now, at)| !(0.0..TOGETHER_MS).contains(&(now - at))) {
            self.show();
        }
    }

    /// Shows what has come.
    pub(super) fn show(self) {
        let Some(fresh) = self.fresh.update(std::mem::take).filter(|fresh| !fresh.is_empty()) else { return };
        if let Some(now) = self.browser.with(|browser| browser.clock.now()) {
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
