//! Publications in quick succession wake their readers together: waking a thousand costs the same for one entry as for
//! three, and so does each write that follows. A publication wakes at once while the machine has room: it waits only where
//! the last round of wakes still goes on, was for many entries, or rounds take more than their part of the time.

use std::{sync::Arc, time::Duration};

use parking_lot::{Mutex, RwLock};
use tokio::{
    runtime::Handle,
    sync::Notify,
    time::{Instant, timeout_at},
};

use crate::{topic::TopicState, wake_round::Coalescing};

/// The topics whose notifications are delayed. One may stand here longer than it has something to tell: the end of a round tells
/// the few entries that came meanwhile.
#[derive(Debug, Default)]
pub(crate) struct WakeCoalescer {
    /// Set while notifications may be delayed.
    coalescing: RwLock<Option<Coalescing>>,
    due: Mutex<Vec<(Instant, Arc<TopicState>)>>,
    added: Notify,
}

impl WakeCoalescer {
    pub(crate) fn coalescing(&self) -> Option<Coalescing> {
        self.coalescing.read().clone()
    }

    pub(crate) fn add(&self, at: Instant, topic: Arc<TopicState>) {
        self.due.lock().push((at, topic));
        self.added.notify_one();
    }

    /// Sends delayed notifications when they are due, for as long as the future is polled.
    pub(crate) async fn run(&self, min_interval: Duration) {
        let _end = CoalesceGuard::begin(self, min_interval);
        loop {
            let next = self.due.lock().iter().map(|(at, _)| *at).min();
            match next {
                Some(at) => {
                    // One that was added meanwhile may be due sooner.
                    let _ = timeout_at(at, self.added.notified()).await;
                    self.notify_due(Instant::now());
                }
                None => self.added.notified().await,
            }
        }
    }

    fn notify_due(&self, now: Instant) {
        // Topics are taken out before they are notified, so what is published from then on is due anew.
        let due: Vec<_> = self.due.lock().extract_if(.., |(at, _)| *at <= now).collect();
        let coalescing = self.coalescing();
        for (_, topic) in due {
            topic.notify_pending(now, coalescing.as_ref());
        }
    }
}

/// Notifications may be delayed while this guard lives.
struct CoalesceGuard<'a>(&'a WakeCoalescer);

impl<'a> CoalesceGuard<'a> {
    fn begin(wake_coalescer: &'a WakeCoalescer, min_interval: Duration) -> Self {
        let coalescing = Coalescing { min_interval, runtime: Handle::current() };
        *wake_coalescer.coalescing.write() = Some(coalescing);
        Self(wake_coalescer)
    }
}

impl Drop for CoalesceGuard<'_> {
    fn drop(&mut self) {
        *self.0.coalescing.write() = None;
        for (_, topic) in self.0.due.lock().drain(..) {
            topic.notify_pending(Instant::now(), None);
        }
    }
}
