//! A topic as subscriptions and publishers share it: its name and who listens.

use std::sync::Arc;

use broker::TopicKind;
use common::{Seq, Topic};
use parking_lot::{Mutex, MutexGuard};
use slab::Slab;
use tokio::time::Instant;

use crate::{
    notifier::{Disconnect, Notifier},
    read_mark::ReadMark,
    round_pace::RoundPace,
    wake_round::{Coalescing, ListenerList, WakeRound},
};

/// A topic that gathers so many entries between two rounds of wakes publishes faster than its readers gain by being
/// woken for each.
const CROWDED: u32 = 4;

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
    /// The place up to which a stream is read; none of other topics.
    pub(crate) read_mark: Option<Box<ReadMark>>,
    /// The listeners have a lock apart from the log's, so that waking ten thousand of them holds up no reader.
    listeners: Mutex<Listeners>,
}

#[derive(Debug)]
struct Listeners {
    notifiers: Slab<Arc<Notifier>>,
    /// The listeners that ever came.
    begun: u64,
    /// The notifiers as a round needs them; `None` since they changed.
    list: Option<ListenerList>,
    /// The newest entry that listeners are to be notified of.
    newest: Seq,
    /// The newest entry that listeners were notified of.
    notified: Seq,
    /// The times of the rounds of wakes.
    pace: RoundPace,
    /// The round of wakes that began last still goes on.
    in_round: bool,
    /// It serves receivers: when it has ended, they have what was new.
    has_receivers: bool,
    /// The next round is to begin as soon as this one has ended.
    is_overdue: bool,
    /// The pending entry waits for nothing but the pace: the next one may begin a round for both.
    is_paced: bool,
    /// The entries that came since the last round began, and those before it that it was begun for.
    gathered: u32,
    last_gathered: u32,
}

impl Listeners {
    fn begin_notification(&mut self, now: Instant) {
        self.notified = self.newest;
        self.pace.begin(now);
        self.is_paced = false;
        self.last_gathered = std::mem::take(&mut self.gathered);
    }

    /// Wakes each listener's task.
    fn notify_tasks(&mut self, now: Instant) {
        self.begin_notification(now);
        for (_, notifier) in &self.notifiers {
            notifier.notify();
        }
    }

    /// Begins a round, and wakes those that have tasks. The caller starts the rest once the lock is free.
    fn begin_round<E>(&mut self, ended: E, now: Instant) -> WakeRound<E>
    where
        E: Fn() + Send + Sync + 'static,
    {
        self.begin_notification(now);
        self.in_round = true;
        let list = self.list.get_or_insert_with(|| ListenerList::of(&self.notifiers));
        list.notify_tasks();
        self.has_receivers = list.has_receivers();
        WakeRound::new(list, ended)
    }
}

impl TopicState {
    pub(crate) fn new(name: Topic, kind: TopicKind, slot: usize) -> Self {
        let listeners = Listeners {
            notifiers: Slab::new(),
            begun: 0,
            list: None,
            newest: Seq::START,
            notified: Seq::START,
            pace: RoundPace::default(),
            in_round: false,
            has_receivers: false,
            is_overdue: false,
            is_paced: false,
            gathered: 0,
            last_gathered: 0,
        };
        let read_mark = (kind == TopicKind::Stream).then(Box::default);
        Self { name, kind, slot, read_mark, listeners: Mutex::new(listeners) }
    }

    pub(crate) fn listen(&self, notifier: Arc<Notifier>) -> usize {
        let mut listeners = self.listeners.lock();
        listeners.list = None;
        listeners.begun += 1;
        listeners.notifiers.insert(notifier)
    }

    pub(crate) fn unlisten(&self, key: usize) {
        let mut listeners = self.listeners.lock();
        listeners.list = None;
        listeners.notifiers.remove(key);
        if listeners.notifiers.is_empty() {
            listeners.notifiers.shrink_to_fit();
        }
    }

    /// A listener has a receiver from now on.
    pub(crate) fn note_receiver(&self) {
        self.listeners.lock().list = None;
    }

    pub(crate) fn listeners(&self) -> usize {
        self.listeners.lock().notifiers.len()
    }

    /// Returns the number of listeners that ever came, and may have left.
    pub(crate) fn begun(&self) -> u64 {
        self.listeners.lock().begun
    }

    /// Returns the number of listeners that do not rest.
    pub(crate) fn followers(&self) -> usize {
        let listeners = self.listeners.lock();
        listeners.notifiers.iter().filter(|(_, notifier)| !notifier.is_resting()).count()
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

    /// Notifies of everything up to `seq`. While wakes are coalesced, that is delayed where the last round still goes on, where
    /// many entries come in quick succession, or where rounds take more than their part of the time.
    pub(crate) fn notify(
        self: &Arc<Self>,
        seq: Seq,
        now: Instant,
        coalescing: Option<&Coalescing>,
    ) -> Notification {
        let mut listeners = self.listeners.lock();
        let is_due_already = listeners.newest > listeners.notified;
        listeners.newest = listeners.newest.max(seq);
        listeners.gathered = listeners.gathered.saturating_add(1);
        let Some(coalescing) = coalescing else {
            listeners.notify_tasks(now);
            return Notification::Done;
        };
        if is_due_already && !listeners.is_paced {
            return Notification::Pending;
        }
        let next =
            listeners.pace.begun_at().map(|at| at + coalescing.min_interval).filter(|&next| next > now);
        match next {
            Some(next) if listeners.in_round || listeners.last_gathered >= CROWDED => {
                return Notification::DueAt(next);
            }
            Some(next) if !is_due_already && !listeners.pace.has_room(now) => {
                listeners.is_paced = true;
                return Notification::DueAt(next);
            }
            None if listeners.in_round => {
                listeners.is_overdue = true;
                return Notification::Pending;
            }
            _ => {}
        }
        self.run_round(listeners, coalescing, now);
        Notification::Done
    }

    /// Notifies of all entries that listeners were not notified of yet, in a round of its own where wakes are coalesced; if one
    /// still goes on, as soon as it has ended.
    pub(crate) fn notify_pending(self: &Arc<Self>, now: Instant, coalescing: Option<&Coalescing>) {
        let mut listeners = self.listeners.lock();
        if listeners.newest <= listeners.notified {
            return;
        }
        match coalescing {
            None => listeners.notify_tasks(now),
            Some(_) if listeners.in_round => listeners.is_overdue = true,
            Some(coalescing) => self.run_round(listeners, coalescing, now),
        }
    }

    fn run_round(
        self: &Arc<Self>,
        mut listeners: MutexGuard<'_, Listeners>,
        coalescing: &Coalescing,
        now: Instant,
    ) {
        let ended = {
            let (topic, coalescing) = (Arc::clone(self), coalescing.clone());
            move || topic.end_round(&coalescing)
        };
        let round = listeners.begin_round(ended, now);
        drop(listeners);
        round.start(&coalescing.runtime);
    }

    /// A round of wakes has ended.
    fn end_round(self: &Arc<Self>, coalescing: &Coalescing) {
        let mut listeners = self.listeners.lock();
        listeners.in_round = false;
        let now = Instant::now();
        listeners.pace.end(now);
        let is_overdue = std::mem::take(&mut listeners.is_overdue);
        if listeners.newest <= listeners.notified {
            return;
        }
        // Receivers are ready for the few that came meanwhile. Whether tasks that were woken are is not known.
        let are_ready = listeners.has_receivers && listeners.gathered < CROWDED;
        if is_overdue || (are_ready && listeners.pace.has_room(now)) {
            self.run_round(listeners, coalescing, now);
        } else {
            listeners.is_paced = are_ready && listeners.last_gathered < CROWDED;
        }
    }

    /// Wakes each listener's task, whatever the pace: what they are to learn is no entry.
    pub(crate) fn notify_all(&self) {
        self.each_listener(|notifier| notifier.notify());
    }

    /// Returns the last entry before those whose notification is pending, if one is.
    pub(crate) fn pending_notification_after(&self) -> Option<Seq> {
        let listeners = self.listeners.lock();
        (listeners.newest > listeners.notified).then_some(listeners.notified)
    }
}
