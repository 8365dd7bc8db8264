//! The place up to which a stream is read, by the reader who is furthest. Its writer waits for that one, and for nobody who is slower.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
};

use common::Seq;
use tokio::sync::Notify;

/// The place up to which the furthest reader has taken a stream.
#[derive(Debug, Default)]
pub(crate) struct ReadMark {
    furthest: AtomicU64,
    moved: Notify,
}

impl ReadMark {
    /// A reader has taken everything up to here.
    pub(crate) fn advance(&self, place: Seq) {
        if self.furthest.fetch_max(place.0, Ordering::Relaxed) < place.0 {
            self.moved.notify_waiters();
        }
    }

    /// The place up to which it is taken.
    pub(crate) fn furthest(&self) -> Seq {
        Seq(self.furthest.load(Ordering::Relaxed))
    }

    /// Resolves when a reader comes further after this was called, though it was not waited for yet.
    pub(crate) fn moved(&self) -> impl Future<Output = ()> {
        self.moved.notified()
    }
}
