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
pub struct Bye {
    /// Why.
    pub reason: ByeReason,
    /// When the client may come back, milliseconds from now.
    pub retry_ms: u64,
}

/// Rung by publishers, heard by one session. Ringing twice before it is heard costs one atomic swap.
#[derive(Debug)]
pub(crate) struct Bell {
    waker: AtomicWaker,
    rung: AtomicBool,
    bye: OnceLock<Bye>,
    /// Its place among the open sessions.
    pub(crate) key: usize,
    /// Whose session it is.
    pub(crate) owner: u64,
    /// Everything up to here has been told: written by the session, for those who look.
    told: AtomicU64,
}

impl Bell {
    /// A bell that has rung once: what the log held before the session came is the first thing to read.
    pub(crate) fn new(key: usize, owner: u64) -> Self {
        Self {
            waker: AtomicWaker::new(),
            rung: AtomicBool::new(true),
            bye: OnceLock::new(),
            key,
            owner,
            told: AtomicU64::new(0),
        }
    }

    pub(crate) fn told(&self) -> Seq {
        Seq(self.told.load(Ordering::Relaxed))
    }

    pub(crate) fn tell(&self, place: Seq) {
        self.told.store(place.0, Ordering::Relaxed);
    }

    pub(crate) fn ring(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
    }

    /// Forgets that it rang.
    pub(crate) fn hush(&self) {
        self.rung.store(false, Ordering::Release);
    }

    pub(crate) fn say_bye(&self, bye: Bye) {
        let _ = self.bye.set(bye);
        self.rung.store(true, Ordering::Release);
        self.waker.wake();
    }

    pub(crate) fn bye(&self) -> Option<Bye> {
        self.bye.get().copied()
    }

    /// Ready when the session is to end; rings are left to be heard later. For a session that cannot read now.
    pub(crate) fn poll_bye(&self, cx: &mut Context<'_>) -> Poll<Bye> {
        self.waker.register(cx.waker());
        self.bye().map_or(Poll::Pending, Poll::Ready)
    }

    /// Ready once for each time it rang since it was last heard.
    pub(crate) fn poll_heard(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.rung.swap(false, Ordering::AcqRel) {
            return Poll::Ready(());
        }
        self.waker.register(cx.waker());
        if self.rung.swap(false, Ordering::AcqRel) { Poll::Ready(()) } else { Poll::Pending }
    }
}
