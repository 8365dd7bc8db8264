//! Keeps notices for the reader: events of the connection and of the judged values, and those that it was sent; and lists the current
//! alarms.

use std::sync::Arc;

use super::{
    Cell, SentNotices,
    vitals::{Alarm, LevelChange},
};
use crate::{
    parts,
    ports::{Notice, SentNotice},
};

/// At most this many notices are kept: a page may stay open for months.
const KEPT: usize = 50;
/// A toast stays for this long, milliseconds.
const TOAST_MS: u64 = 7000;

/// The subject of a notice.
#[derive(Debug, Clone, PartialEq)]
pub enum NotificationKind {
    /// Of the connection.
    Connection(Notice),
    /// Of a value.
    Value(LevelChange),
    /// One that the reader was sent. It is counted and listed with those that it was sent before.
    Sent(Arc<SentNotice>),
}

impl From<Notice> for NotificationKind {
    fn from(notice: Notice) -> Self {
        Self::Connection(notice)
    }
}

/// One notice, with its number on this page and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Counted from 1.
    pub number: u32,
    /// Milliseconds since 1970.
    pub at: u64,
    /// The subject of the notice.
    pub news: NotificationKind,
}

impl Notification {
    fn is_own(&self) -> bool {
        !matches!(self.news, NotificationKind::Sent(_))
    }
}

/// The notices.
#[derive(Clone, Copy)]
pub struct Notifications {
    entries: Cell<Vec<Notification>>,
    alarms: Cell<Vec<Alarm>>,
    seen: Cell<u32>,
    dismissed: Cell<u32>,
    /// The notices that the reader was sent.
    pub sent: SentNotices,
}

impl Notifications {
    /// Makes an empty list.
    #[must_use]
    pub fn new() -> Self {
        Self {
            entries: Cell::new(Vec::new()),
            alarms: Cell::new(Vec::new()),
            seen: Cell::new(0),
            dismissed: Cell::new(0),
            sent: SentNotices::new(),
        }
    }

    /// Provides an empty list for the page.
    pub(crate) fn provide() {
        parts::share(Self::new());
    }

    /// Returns the page's notifications.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> Self {
        parts::shared()
    }

    /// Adds a notice.
    pub fn notify(self, news: impl Into<NotificationKind>, at: u64) {
        self.add(news.into(), at);
    }

    fn add(self, news: NotificationKind, at: u64) {
        let seen = self.seen.peek();
        self.entries.update(|entries| {
            let number = entries.last().map_or(seen, |last| last.number) + 1;
            entries.push(Notification { number, at, news });
            let surplus = entries.len().saturating_sub(KEPT);
            entries.drain(..surplus);
        });
    }

    /// Returns the current alarms, tracked.
    #[must_use]
    pub fn alarms(self) -> Vec<Alarm> {
        self.alarms.get()
    }

    /// Returns true if one of the alarms rings, tracked.
    #[must_use]
    pub fn is_loud(self) -> bool {
        self.alarms.with(|alarms| alarms.iter().any(|alarm| alarm.state.rings()))
    }

    /// Returns true if there are no alarms, tracked.
    #[must_use]
    pub fn is_quiet(self) -> bool {
        self.alarms.with(Vec::is_empty)
    }

    /// Takes what is not well at this moment.
    pub(super) fn show(self, alarms: Vec<Alarm>) {
        if self.alarms.look(|known| *known != alarms) == Some(true) {
            self.alarms.set(alarms);
        }
    }

    /// Those of the page's own that are kept, newest first, tracked.
    #[must_use]
    pub fn entries(self) -> Vec<Notification> {
        self.entries.with(|entries| entries.iter().rev().filter(|entry| entry.is_own()).cloned().collect())
    }

    /// The newest notice while it is fresh, tracked.
    #[must_use]
    pub fn toast(self, now: Option<u64>) -> Option<Notification> {
        let newest = self.entries.with(|entries| entries.last().cloned())?;
        let fresh = now? < newest.at + TOAST_MS && newest.number > self.dismissed.get();
        fresh.then_some(newest)
    }

    /// Counts the unread notices, tracked.
    #[must_use]
    pub fn unread(self) -> usize {
        let seen = self.seen.get();
        let own = |entry: &&Notification| entry.number > seen && entry.is_own();
        self.entries.with(|entries| entries.iter().filter(own).count()) + self.sent.unread.get()
    }

    /// All have been looked at.
    pub fn read(self) {
        if let Some(newest) = self.newest() {
            self.seen.set(newest);
            self.dismissed.set(newest);
        }
    }

    /// The toast has been read.
    pub fn dismiss(self) {
        if let Some(newest) = self.newest() {
            self.dismissed.set(newest);
        }
    }

    /// Forgets them. Numbers go on from the last one seen.
    pub fn clear(self) {
        self.read();
        self.entries.set(Vec::new());
    }

    fn newest(self) -> Option<u32> {
        self.entries.look(|entries| entries.last().map(|last| last.number)).flatten()
    }
}

impl Default for Notifications {
    fn default() -> Self {
        Self::new()
    }
}
