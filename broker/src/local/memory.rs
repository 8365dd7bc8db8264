//! A log in memory: it ends with the process.

use std::{ops::ControlFlow, sync::Arc};

use common::{Cursor, Epoch, Topic};
use futures_util::{
    FutureExt,
    future::{BoxFuture, ready},
};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{
    index::{Index, IndexBounds},
    order::Order,
    presence::LocalPresence,
};
use crate::{
    contract::{Broker, BrokerHealth, History, HistoryFilter, Subscriber},
    control::{Control, LocalControl},
    entry::{NewEntry, Published},
    error::{BrokerError, PublishError},
    presence::Presence,
    topic_policy::TopicPolicy,
};

/// A log in memory. It is for tests, and for programs that need no more.
#[derive(Debug)]
pub struct MemoryBroker {
    order: Mutex<Order>,
    presence: LocalPresence,
    control: LocalControl,
}

impl MemoryBroker {
    /// Makes an empty log that retains at most `bytes` of payloads.
    #[must_use]
    pub fn new(epoch: Epoch, policies: Arc<[TopicPolicy]>, bytes: usize) -> Self {
        let bounds = IndexBounds { bytes, stored: usize::MAX, overhead: 0, topics: usize::MAX };
        let order = Order::new(Cursor::new(epoch, common::Seq::START), Index::new(policies, bounds));
        Self {
            order: Mutex::new(order),
            presence: LocalPresence::default(),
            control: LocalControl::default(),
        }
    }
}

impl Broker for MemoryBroker {
    fn head(&self) -> Cursor {
        self.order.lock().head()
    }

    fn numbers_latest_apart(&self) -> bool {
        false
    }

    fn subscribe(&self, subscriber: Arc<dyn Subscriber>) -> Result<(), BrokerError> {
        self.order.lock().subscribe(subscriber)
    }

    fn ready(&self) -> BoxFuture<'static, Result<(), BrokerError>> {
        ready(Ok(())).boxed()
    }

    fn publish(&self, new: NewEntry) -> BoxFuture<'static, Result<Published, PublishError>> {
        ready(self.publish_blocking(&new)).boxed()
    }

    fn publish_blocking(&self, new: &NewEntry) -> Result<Published, PublishError> {
        let mut order = self.order.lock();
        if let ControlFlow::Break(published) = order.check(new)? {
            return Ok(published);
        }
        let seq = order.propose(0);
        let unannounced = order.commit(new, seq, 0, Instant::now())?;
        drop(order);
        // The number was proposed under the same lock.
        unannounced.map_or(Err(PublishError::Closed), |unannounced| Ok(unannounced.announce()))
    }

    fn history(
        &self,
        topic: &Topic,
        filter: HistoryFilter,
    ) -> BoxFuture<'static, Result<History, BrokerError>> {
        ready(Ok(self.order.lock().index.history(topic, filter))).boxed()
    }

    fn remove(&self, topic: &Topic) -> BoxFuture<'static, Result<u64, BrokerError>> {
        let mut order = self.order.lock();
        let (removed, through) = order.index.remove(topic);
        order.tell_evicted(topic, through);
        ready(Ok(removed as u64)).boxed()
    }

    fn caught_up(&self, place: Cursor) -> BoxFuture<'static, bool> {
        let head = self.head();
        ready(place.epoch == head.epoch && place.seq <= head.seq).boxed()
    }

    fn flush(&self) -> BoxFuture<'static, Result<(), PublishError>> {
        ready(Ok(())).boxed()
    }

    fn presence(&self) -> &dyn Presence {
        &self.presence
    }

    fn control(&self) -> &dyn Control {
        &self.control
    }

    fn health(&self) -> BrokerHealth {
        BrokerHealth::default()
    }

    fn sweep(&self) {
        let now = Instant::now();
        let subscriber = {
            let mut order = self.order.lock();
            order.index.sweep(now);
            order.subscriber().cloned()
        };
        for topic in self.presence.expire(now) {
            if let Some(subscriber) = &subscriber {
                subscriber.presence_changed(&topic);
            }
        }
    }

    fn close(&self) {
        self.order.lock().close();
        self.control.close();
    }
}
