//! A topic as subscriptions and publishers share it: its name and who listens.

use std::{sync::Arc, time::Duration};

use common::{Seq, Topic};
use parking_lot::Mutex;
use slab::Slab;
use tokio::time::Instant;

use crate::{
    notifier::{Disconnect, Notifier},
    topic_policy::TopicKind,
};

/// The outcome of a call to [`TopicState::notify`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notification {
    /// The listeners were woken.
    Done,
    /// The caller came too soon and is the first to do so: the listeners are to be woken at this time.
    DueAt(Instant),
    /// The caller came too soon, as another one did before it.
    Pending,
}

#[derive(Debug)]
pub(crate) struct TopicState {
    pub(crate) name: Topic,
    pub(crate) kind: TopicKind,
    /// The key in the log's slab.
    pub(crate) slot: usize,
    /// The listeners have a lock apart from the log's, so that waking ten thousand of them holds up no reader.
    listeners: Mutex<Listeners>,
}

#[derive(Debug)]
struct Listeners {
    notifiers: Slab<Arc<Notifier>>,
    /// The newest entry that listeners are to be notified of.
    newest: Seq,
    /// The newest entry that listeners were notified of.
    notified: Seq,
    /// The time of the last notification.
    notified_at: Option<Instant>,
}

impl Listeners {
    fn notify(&mut self, now: Instant) {
        self.notified = self.newest;
        self.notified_at = Some(now);
        for (_, notifier) in &self.notifiers {
            notifier.notify();
        }
    }
}

impl TopicState {
    pub(crate) fn new(name: Topic, kind: TopicKind, slot: usize) -> Self {
        let listeners =
            Listeners { notifiers: Slab::new(), newest: Seq::START, notified: Seq::START, notified_at: None };
        Self { name, kind, slot, listeners: Mutex::new(listeners) }
    }

    pub(crate) fn listen(&self, notifier: Arc<Notifier>) -> usize {
        self.listeners.lock().notifiers.insert(notifier)
    }

    pub(crate) fn unlisten(&self, key: usize) {
        let listeners = &mut self.listeners.lock().notifiers;
        listeners.remove(key);
        if listeners.is_empty() {
            listeners.shrink_to_fit();
        }
    }

    pub(crate) fn listeners(&self) -> usize {
        self.listeners.lock().notifiers.len()
    }

    pub(crate) fn each_listener(&self, mut tell: impl FnMut(&Arc<Notifier>)) {
        self.listeners.lock().notifiers.iter().for_each(|(_, notifier)| tell(notifier));
    }

    /// Tells all who listen to end, and says how many those are.
    pub(crate) fn disconnect(&self, disconnect: Disconnect) -> usize {
        let listeners = self.listeners.lock();
        for (_, notifier) in &listeners.notifiers {
            notifier.disconnect(disconnect);
        }
        listeners.notifiers.len()
    }

    /// Notifies of everything up to `seq`, or delays that if the last notification was less than `min_interval` ago.
    pub(crate) fn notify(&self, seq: Seq, now: Instant, min_interval: Duration) -> Notification {
        let mut listeners = self.listeners.lock();
        let is_due_already = listeners.newest > listeners.notified;
        listeners.newest = listeners.newest.max(seq);
        let next = listeners.notified_at.map(|at| at + min_interval).filter(|&next| next > now);
        match next {
            Some(_) if is_due_already => Notification::Pending,
            Some(next) => Notification::DueAt(next),
            None => {
                listeners.notify(now);
                Notification::Done
            }
        }
    }

    /// Notifies of all entries that listeners were not notified of yet.
    pub(crate) fn notify_pending(&self, now: Instant) {
        let mut listeners = self.listeners.lock();
        if listeners.newest > listeners.notified {
            listeners.notify(now);
        }
    }

    /// Returns the last entry before those whose notification is pending, if one is.
    pub(crate) fn pending_notification_after(&self) -> Option<Seq> {
        let listeners = self.listeners.lock();
        (listeners.newest > listeners.notified).then_some(listeners.notified)
    }
}
