//! Clients who come from another node, which was told more of the log than this one.

use std::sync::Arc;

use common::{Cursor, frame::ByeReason};
use tokio::runtime::Handle;

use super::{Delivery, Progress, Subscription};
use crate::{foreign::WaitingClient, hub::Inner, notifier::Disconnect};

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
        if !self.hub.with_log(|log| log.is_behind(since)) || self.hub.0.foreign.is_denied(since) {
            return false;
        }
        self.ahead = Some(self.ahead.map_or(since, |ahead| ahead.advance(since)));
        ask(&self.hub.0, WaitingClient { place: since, notifier: Arc::downgrade(&self.notifier) });
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
            Progress::More | Progress::Silenced => progress,
        }
    }
}

/// Asks the broker whether any node was ever at the client's place, where no other client has asked. If none was, all who said so are asked
/// to come again.
fn ask(hub: &Arc<Inner>, client: WaitingClient) {
    // Without a runtime there is no other node to come from.
    let Ok(runtime) = Handle::try_current() else { return };
    let place = client.place;
    if !hub.foreign.wait(client) {
        return;
    }
    let (answer, hub) = (hub.broker.caught_up(place), Arc::downgrade(hub));
    runtime.spawn(async move {
        let exists = answer.await;
        let Some(hub) = hub.upgrade() else { return };
        for (client, notifier) in hub.foreign.answer(place, exists) {
            if !exists {
                notifier.disconnect(Disconnect { reason: ByeReason::Renew, retry_ms: 0 });
            } else if client.place != place {
                ask(&hub, client);
            }
        }
    });
}
