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

/// The topics that are to be rung late: each stands here at most once.
#[derive(Debug, Default)]
pub(crate) struct Late {
    /// Nanoseconds between two rings of a topic; 0 while nobody rings late.
    apart: AtomicU64,
    due: Mutex<Vec<(Instant, Arc<TopicState>)>>,
    added: Notify,
}

impl Late {
    pub(crate) fn apart(&self) -> Duration {
        Duration::from_nanos(self.apart.load(Ordering::Relaxed))
    }

    pub(crate) fn add(&self, at: Instant, topic: Arc<TopicState>) {
        self.due.lock().push((at, topic));
        self.added.notify_one();
    }

    /// Rings them when they are due, for as long as it is polled.
    pub(crate) async fn ring(&self, apart: Duration) {
        let _end = Ringing::begin(self, apart);
        loop {
            let next = self.due.lock().iter().map(|(at, _)| *at).min();
            match next {
                Some(at) => {
                    // One that was added meanwhile may be due sooner.
                    let _ = timeout_at(at, self.added.notified()).await;
                    self.ring_those_due(Instant::now());
                }
                None => self.added.notified().await,
            }
        }
    }

    fn ring_those_due(&self, now: Instant) {
        // Taken out before they are rung: what is published from then on is due anew.
        let due: Vec<_> = self.due.lock().extract_if(.., |(at, _)| *at <= now).collect();
        for (_, topic) in due {
            topic.ring_late(now);
        }
    }
}

/// While it lives, rings may be late.
struct Ringing<'a>(&'a Late);

impl<'a> Ringing<'a> {
    fn begin(late: &'a Late, apart: Duration) -> Self {
        let nanos = u64::try_from(apart.as_nanos()).unwrap_or(u64::MAX);
        late.apart.store(nanos, Ordering::Relaxed);
        Self(late)
    }
}

impl Drop for Ringing<'_> {
    fn drop(&mut self) {
        self.0.apart.store(0, Ordering::Relaxed);
        for (_, topic) in self.0.due.lock().drain(..) {
            topic.ring_late(Instant::now());
        }
    }
}
