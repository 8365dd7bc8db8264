//! The notification of a subscription that there is something to read.

use std::sync::{
    OnceLock,
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

/// Publishers notify it, and one subscription waits for it. A second notification before the first was taken costs
/// one atomic swap.
#[derive(Debug)]
pub(crate) struct Notifier {
    waker: AtomicWaker,
    notified: AtomicBool,
    disconnect: OnceLock<Disconnect>,
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
            disconnect: OnceLock::new(),
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

    pub(crate) fn notify(&self) {
        if !self.notified.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
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
