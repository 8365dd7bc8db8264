//! The log as [`Broker`].

use std::{sync::Arc, time::Duration};

use broker::{
    Broker, BrokerError, BrokerHealth, Control, History, HistoryFilter, NewEntry, Presence, PublishError,
    Published, Subscriber,
};
use common::{Cursor, Topic};
use futures_util::{
    FutureExt,
    future::{BoxFuture, ready},
};
use tokio::time::Instant;

use crate::{compact, journal_broker::JournalBroker};

/// A disk that has not answered for so long is told as a failure: publishers wait for it.
const SILENT: Duration = Duration::from_secs(5);

impl Broker for JournalBroker {
    fn head(&self) -> Cursor {
        self.0.order.lock().head()
    }

    fn numbers_latest_apart(&self) -> bool {
        false
    }

    fn subscribe(&self, subscriber: Arc<dyn Subscriber>) -> Result<(), BrokerError> {
        self.0.order.lock().subscribe(subscriber)
    }

    fn ready(&self) -> BoxFuture<'static, Result<(), BrokerError>> {
        ready(Ok(())).boxed()
    }

    fn publish(&self, new: NewEntry) -> BoxFuture<'static, Result<Published, PublishError>> {
        if !new.kind.is_stored() {
            return ready(self.publish_here(&new)).boxed();
        }
        match self.0.publish_inline(&new) {
            Some(published) => ready(published).boxed(),
            None => {
                // A task of its own: it is taken in even if nobody waits for it.
                let publishing = tokio::spawn(self.clone().publish_apart(new));
                async move { publishing.await.unwrap_or(Err(PublishError::Closed)) }.boxed()
            }
        }
    }

    fn publish_blocking(&self, new: &NewEntry) -> Result<Published, PublishError> {
        self.publish_here(new)
    }

    fn history(
        &self,
        topic: &Topic,
        filter: HistoryFilter,
    ) -> BoxFuture<'static, Result<History, BrokerError>> {
        ready(Ok(self.0.order.lock().index.history(topic, filter))).boxed()
    }

    fn remove(&self, topic: &Topic) -> BoxFuture<'static, Result<u64, BrokerError>> {
        let (log, topic) = (self.clone(), topic.clone());
        let removing = tokio::task::spawn_blocking(move || {
            // No entry of the topic is being written meanwhile.
            let mut journal = log.0.journal.lock();
            let (removed, through) = {
                let mut order = log.0.order.lock();
                let (removed, through) = order.index.remove(&topic);
                order.tell_evicted(&topic, through);
                (removed, through)
            };
            if removed > 0 {
                journal
                    .note_evicted(&topic, through)
                    .map_err(|error| BrokerError::Unavailable(error.to_string()))?;
            }
            Ok(removed as u64)
        });
        async { removing.await.unwrap_or_else(|error| Err(BrokerError::Unusable(error.to_string()))) }.boxed()
    }

    fn caught_up(&self, place: Cursor) -> BoxFuture<'static, bool> {
        let head = self.head();
        ready(place.epoch == head.epoch && place.seq <= head.seq).boxed()
    }

    fn flush(&self) -> BoxFuture<'static, Result<(), PublishError>> {
        let sync_state = Arc::clone(&self.0.sync_state);
        async move { sync_state.flush().await.map_err(PublishError::NotStored) }.boxed()
    }

    fn presence(&self) -> &dyn Presence {
        &self.0.presence
    }

    fn control(&self) -> &dyn Control {
        &self.0.control
    }

    fn health(&self) -> BrokerHealth {
        let stalled = self.disk_stalled_for().filter(|silent| *silent >= SILENT);
        let failure = match (stalled, self.disk_error()) {
            (Some(silent), _) => Some(format!(
                "the disk has not answered for {} s: what is published there waits",
                silent.as_secs()
            )),
            (None, Some(failed)) => {
                Some(format!("the disk failed ({failed}): nothing is stored until a restart"))
            }
            (None, None) => None,
        };
        BrokerHealth { failure, details: String::new() }
    }

    fn sweep(&self) {
        let now = Instant::now();
        let subscriber = {
            let mut order = self.0.order.lock();
            order.index.sweep(now);
            order.subscriber().cloned()
        };
        for topic in self.0.presence.expire(now) {
            if let Some(subscriber) = &subscriber {
                subscriber.presence_changed(&topic);
            }
        }
        if let Err(error) = compact::sweep(&self.0) {
            tracing::warn!(%error, "a used-up part of the log stays on the disk for now");
        }
    }

    fn close(&self) {
        self.0.order.lock().close();
        self.0.sync_state.end();
        self.0.control.close();
    }
}
