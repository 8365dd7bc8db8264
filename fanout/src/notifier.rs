//! The notification of a subscription that there is something to read.

use std::fmt;
use std::sync::{
    OnceLock, Weak,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use std::task::{Context, Poll};

use common::{Seq, frame::ByeReason};
use futures_util::task::AtomicWaker;

/// The way in which a subscription is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disconnect {
    /// The reason.
    pub reason: ByeReason,
    /// The time after which the client may come back, milliseconds from now.
    pub retry_ms: u64,
}

/// A subscription's owner that can deliver what is new without a task of its own: a task that serves many receivers calls it.
pub trait Receiver: Send + Sync {
    /// Delivers what there is, if that can be done at once. Returns false where the subscription has to be woken
    /// ([`Subscription::poll_wake`]) instead; then nothing may be lost by what was done so far.
    ///
    /// [`Subscription::poll_wake`]: crate::Subscription::poll_wake
    fn deliver(&self) -> bool;
}

/// Publishers notify it, and one subscription waits for it. A second notification before the first was taken costs
/// one atomic swap.
pub(crate) struct Notifier {
    waker: AtomicWaker,
    notified: AtomicBool,
    /// Nobody is waiting now for what is new.
    resting: AtomicBool,
    disconnect: OnceLock<Disconnect>,
    /// Its reader may not be told anything more.
    silenced: AtomicBool,
    /// Takes what is new where that needs no task.
    receiver: OnceLock<Weak<dyn Receiver>>,
    /// The key among the open subscriptions.
    pub(crate) key: usize,
    /// The owner's number.
    pub(crate) owner: u64,
    /// The position up to which everything was delivered. The subscription writes it, and statistics read it.
    position: AtomicU64,
}

impl Notifier {
    /// Makes a notifier that is notified already: the subscription first reads what the log held before it came.
    pub(crate) fn new(key: usize, owner: u64) -> Self {
        Self {
            waker: AtomicWaker::new(),
            notified: AtomicBool::new(true),
            resting: AtomicBool::new(false),
            disconnect: OnceLock::new(),
            silenced: AtomicBool::new(false),
            receiver: OnceLock::new(),
            key,
            owner,
            position: AtomicU64::new(0),
        }
    }

    pub(crate) fn position(&self) -> Seq {
        Seq(self.position.load(Ordering::Relaxed))
    }

    pub(crate) fn set_position(&self, place: Seq) {
        self.position.store(place.0, Ordering::Relaxed);
    }

    pub(crate) fn set_resting(&self, resting: bool) {
        self.resting.store(resting, Ordering::Relaxed);
    }

    pub(crate) fn is_resting(&self) -> bool {
        self.resting.load(Ordering::Relaxed)
    }

    /// Names the receiver; the first one stays.
    pub(crate) fn set_receiver(&self, receiver: Weak<dyn Receiver>) {
        let _ = self.receiver.set(receiver);
    }

    pub(crate) fn has_receiver(&self) -> bool {
        self.receiver.get().is_some()
    }

    /// Has the receiver deliver what is new, or notifies the task.
    pub(crate) fn deliver(&self) {
        let receiver = self.receiver.get().and_then(Weak::upgrade);
        if !receiver.is_some_and(|receiver| receiver.deliver()) {
            self.notify();
        }
    }

    pub(crate) fn notify(&self) {
        if !self.notified.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
    }

    /// Notifies without a wake: for the task that polls next itself.
    pub(crate) fn mark(&self) {
        self.notified.store(true, Ordering::Release);
    }

    /// Clears the notification.
    pub(crate) fn clear(&self) {
        self.notified.store(false, Ordering::Release);
    }

    pub(crate) fn disconnect(&self, disconnect: Disconnect) {
        let _ = self.disconnect.set(disconnect);
        self.notified.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// From now on nothing is taken.
    pub(crate) fn silence(&self) {
        self.silenced.store(true, Ordering::Release);
    }

    pub(crate) fn is_silenced(&self) -> bool {
        self.silenced.load(Ordering::Acquire)
    }

    pub(crate) fn disconnected(&self) -> Option<Disconnect> {
        self.disconnect.get().copied()
    }

    /// Ready when the subscription is to end; notifications stay pending. This serves a subscription that cannot read
    /// now.
    pub(crate) fn poll_disconnect(&self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        self.waker.register(cx.waker());
        self.disconnected().map_or(Poll::Pending, Poll::Ready)
    }

    /// Ready once for any number of notifications since it was last ready.
    pub(crate) fn poll_notified(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.notified.swap(false, Ordering::AcqRel) {
            return Poll::Ready(());
        }
        self.waker.register(cx.waker());
        if self.notified.swap(false, Ordering::AcqRel) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl fmt::Debug for Notifier {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Notifier")
            .field("key", &self.key)
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}
