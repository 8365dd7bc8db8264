//! Clients who come from another node, which was told more of the log than this one.

use std::sync::Arc;

use common::{Cursor, frame::ByeReason};
use tokio::runtime::Handle;

use super::{Progress, Subscription};
use crate::notifier::Disconnect;

impl Subscription {
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

    /// A client who has come further on another node keeps its place until this one is as far.
    pub(super) fn not_behind_the_client(&mut self, progress: Progress) -> Progress {
        match (progress, self.ahead) {
            (Progress::CaughtUp(head), Some(ahead)) if head.epoch == ahead.epoch && !head.covers(ahead) => {
                Progress::CaughtUp(head.advance(ahead))
            }
            (Progress::CaughtUp(_), Some(_)) => {
                self.ahead = None;
                progress
            }
            _ => progress,
        }
    }
}
