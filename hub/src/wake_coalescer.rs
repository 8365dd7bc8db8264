//! Publications in quick succession wake their readers together: waking a thousand costs the same for one entry as for
//! three, and so does each write that follows.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use crate::topic::TopicState;

/// The topics whose notifications are delayed; each stands here at most once.
#[derive(Debug, Default)]
pub(crate) struct WakeCoalescer {
    /// Nanoseconds between two notifications of a topic; 0 while none is delayed.
    min_interval: AtomicU64,
    due: Mutex<Vec<(Instant, Arc<TopicState>)>>,
    added: Notify,
}

impl WakeCoalescer {
    pub(crate) fn min_interval(&self) -> Duration {
        Duration::from_nanos(self.min_interval.load(Ordering::Relaxed))
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
        for (_, topic) in due {
            topic.notify_pending(now);
        }
    }
}

/// Notifications may be delayed while this guard lives.
struct CoalesceGuard<'a>(&'a WakeCoalescer);

impl<'a> CoalesceGuard<'a> {
    fn begin(wake_coalescer: &'a WakeCoalescer, min_interval: Duration) -> Self {
        let nanos = u64::try_from(min_interval.as_nanos()).unwrap_or(u64::MAX);
        wake_coalescer.min_interval.store(nanos, Ordering::Relaxed);
        Self(wake_coalescer)
    }
}

impl Drop for CoalesceGuard<'_> {
    fn drop(&mut self) {
        self.0.min_interval.store(0, Ordering::Relaxed);
        for (_, topic) in self.0.due.lock().drain(..) {
            topic.notify_pending(Instant::now());
        }
    }
}
