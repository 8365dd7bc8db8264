//! A round of wakes: everyone who listens to a topic learns of what is new. Receivers get it from a few tasks, each of which
//! serves many of them, so that a delivery costs no switch to a task of its own. The round has ended when these tasks have.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use slab::Slab;
use tokio::{runtime::Handle, task::coop::unconstrained};

use crate::notifier::Notifier;

/// The receivers that one task serves: few enough that others get their turn soon, many enough that a hundred readers of a busy topic
/// are no reason to wake a second worker.
const AT_ONCE: usize = 128;

/// The way in which wakes are coalesced.
#[derive(Debug, Clone)]
pub(crate) struct Coalescing {
    /// The time between two notifications of a topic where they come in quick succession.
    pub(crate) min_interval: Duration,
    /// Runs the rounds.
    pub(crate) runtime: Handle,
}

/// The listeners of a topic, as a round needs them.
#[derive(Debug)]
pub(crate) struct ListenerList {
    /// Those that take what is new from the round.
    receivers: Arc<[Arc<Notifier>]>,
    /// Those whose tasks are woken.
    tasks: Box<[Arc<Notifier>]>,
}

/// A round that has begun.
pub(crate) struct WakeRound<E: Fn()> {
    first: Part<E>,
    parts: usize,
}

/// The part of a round that one task carries out.
struct Part<E: Fn()> {
    shared: Arc<SharedRound<E>>,
    range: Range<usize>,
}

struct SharedRound<E> {
    receivers: Arc<[Arc<Notifier>]>,
    /// The parts that still go on.
    left: AtomicUsize,
    /// Called once they all have ended.
    ended: E,
}

impl ListenerList {
    pub(crate) fn of(notifiers: &Slab<Arc<Notifier>>) -> Self {
        let all = notifiers.iter().map(|(_, notifier)| Arc::clone(notifier));
        let (receivers, tasks): (Vec<_>, Vec<_>) = all.partition(|notifier| notifier.has_receiver());
        Self { receivers: receivers.into(), tasks: tasks.into() }
    }

    pub(crate) fn has_receivers(&self) -> bool {
        !self.receivers.is_empty()
    }

    pub(crate) fn notify_tasks(&self) {
        self.tasks.iter().for_each(|notifier| notifier.notify());
    }
}

impl<E: Fn() + Send + Sync + 'static> WakeRound<E> {
    pub(crate) fn new(list: &ListenerList, ended: E) -> Self {
        let receivers = Arc::clone(&list.receivers);
        // Without a receiver one task runs all the same: behind the tasks that were woken, it tells that they had their turn.
        let parts = receivers.len().div_ceil(AT_ONCE).max(1);
        let shared = Arc::new(SharedRound { receivers, left: AtomicUsize::new(parts), ended });
        Self { first: Part { shared, range: 0..AT_ONCE }, parts }
    }

    /// Starts the round's tasks. The caller holds no lock of the topic.
    pub(crate) fn start(self, runtime: &Handle) {
        let Self { first, parts } = self;
        for nth in 1..parts {
            let range = nth * AT_ONCE..(nth + 1) * AT_ONCE;
            let part = Part { shared: Arc::clone(&first.shared), range };
            runtime.spawn(unconstrained(async move { part.run() }));
        }
        runtime.spawn(unconstrained(async move { first.run() }));
    }
}

impl<E: Fn()> Part<E> {
    fn run(&self) {
        let receivers = &self.shared.receivers;
        let end = self.range.end.min(receivers.len());
        for notifier in &receivers[self.range.start.min(end)..end] {
            notifier.deliver();
        }
    }
}

impl<E: Fn()> Drop for Part<E> {
    /// Also where the runtime drops the task instead of running it.
    fn drop(&mut self) {
        if self.shared.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            (self.shared.ended)();
        }
    }
}
