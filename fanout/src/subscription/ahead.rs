//! Clients who come from another node, which was told more of the log than this one.

use std::sync::Arc;

use common::{Cursor, frame::ByeReason};
use tokio::runtime::Handle;

use super::{Delivery, Progress, Subscription};
use crate::notifier::Disconnect;

impl Subscription {
    /// Reports that its client has come further on another node than this one is.
    #[must_use]
    pub fn is_behind_client(&self) -> bool {
        self.ahead.is_some()
    }

    /// Reports that a client has come further on another node than this one is. Whether any node was ever there is asked once.
    pub(super) fn is_ahead(&mut self, since: Cursor) -> bool {
        if self.ahead == Some(since) {
            return true;
        }
        if !self.hub.with_log(|log| log.is_behind(since)) || self.hub.0.foreign.contains(since) {
            return false;
        }
        self.ahead = Some(self.ahead.map_or(since, |ahead| ahead.advance(since)));
        let confirmed = self.hub.broker().caught_up(since);
        let (hub, notifier) = (Arc::downgrade(&self.hub.0), Arc::downgrade(&self.notifier));
        // Without a runtime there is no other node to come from.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if confirmed.await {
                    return;
                }
                if let Some(hub) = hub.upgrade() {
                    hub.foreign.add(since);
                }
                if let Some(notifier) = notifier.upgrade() {
                    notifier.disconnect(Disconnect { reason: ByeReason::Renew, retry_ms: 0 });
                }
            });
        }
        true
    }

    /// Keeps the place of a client who has come further on another node, until this one is as far: an entry whose own place is behind the
    /// client's in one number comes with a place that has both. A client that remembers the last place it was told would else get entries
    /// twice.
    pub(super) fn keep_ahead(&mut self, progress: Progress, taken: &mut [Delivery]) -> Progress {
        let Some(ahead) = self.ahead else { return progress };
        for delivery in taken {
            let Delivery::Event(entry) = delivery else { continue };
            if entry.cursor.epoch == ahead.epoch && !entry.cursor.covers(ahead) {
                *entry = Arc::new(entry.at(entry.cursor.advance(ahead)));
            }
        }
        match progress {
            Progress::CaughtUp(head) if head.epoch == ahead.epoch && !head.covers(ahead) => {
                Progress::CaughtUp(head.advance(ahead))
            }
            Progress::CaughtUp(_) => {
                self.ahead = None;
                progress
            }
            Progress::More => progress,
        }
    }
}
