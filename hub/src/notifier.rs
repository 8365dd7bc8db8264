//! How a session is told that there is something to read.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use std::task::{Context, Poll};

use common::{Seq, frame::ByeReason};
use futures_util::task::AtomicWaker;

/// Why and how a session is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disconnect {
    /// Why.
    pub reason: ByeReason,
    /// When the client may come back, milliseconds from now.
    pub retry_ms: u64,
}

/// Rung by publishers, heard by one session. Ringing twice before it is heard costs one atomic swap.
#[derive(Debug)]
pub(crate) struct Notifier {
    waker: AtomicWaker,
    notified: AtomicBool,
    disconnect: OnceLock<Disconnect>,
    /// Its place among the open sessions.
    pub(crate) key: usize,
    /// Whose session it is.
    pub(crate) owner: u64,
    /// Everything up to here has been told: written by the session, for those who look.
    position: AtomicU64,
}

impl Notifier {
    /// A bell that has rung once: what the log held before the session came is the first thing to read.
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

    /// Forgets that it rang.
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

    /// Ready when the session is to end; rings are left to be heard later. For a session that cannot read now.
    pub(crate) fn poll_disconnect(&self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        self.waker.register(cx.waker());
        self.disconnected().map_or(Poll::Pending, Poll::Ready)
    }

    /// Ready once for each time it rang since it was last heard.
    pub(crate) fn poll_notified(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.notified.swap(false, Ordering::AcqRel) {
            return Poll::Ready(());
        }
        self.waker.register(cx.waker());
        if self.notified.swap(false, Ordering::AcqRel) { Poll::Ready(()) } else { Poll::Pending }
    }
}
