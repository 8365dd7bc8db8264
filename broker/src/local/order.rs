//! The order of a local log: which number is next, what `Log` topics retain, and who is told.

use std::{ops::ControlFlow, sync::Arc};

use common::{Cursor, Epoch, Seq};
use tokio::time::Instant;

use super::index::{Index, IndexedEntry};
use crate::{
    contract::{Appended, Subscriber},
    entry::{Entry, NewEntry, Published},
    error::{BrokerError, PublishError},
};

/// The order of a local log. It stands behind one lock: numbers are given and entries become visible in the same step, so that no
/// reader can pass a number that is not there yet.
#[derive(Debug)]
pub struct Order {
    epoch: Epoch,
    head: Seq,
    /// The entries that `Log` topics retain.
    pub index: Index,
    subscriber: Option<Arc<dyn Subscriber>>,
    closed: bool,
}

/// A publication that is in the log, and whose readers are still to be woken.
#[derive(Debug)]
pub struct Unannounced {
    cursor: Cursor,
    wake: Option<(Arc<dyn Subscriber>, Appended)>,
}

impl Unannounced {
    /// Wakes the readers. The caller holds no lock.
    pub fn announce(self) -> Published {
        if let Some((subscriber, appended)) = self.wake {
            subscriber.wake(appended);
        }
        Published { cursor: self.cursor, duplicate: false }
    }
}

impl Order {
    /// Makes an order that goes on behind `head`.
    #[must_use]
    pub fn new(head: Cursor, index: Index) -> Self {
        Self { epoch: head.epoch, head: head.seq, index, subscriber: None, closed: false }
    }

    /// The place of the newest entry.
    #[must_use]
    pub fn head(&self) -> Cursor {
        Cursor::new(self.epoch, self.head)
    }

    /// Tells the subscriber all that is retained; it is told everything from now on.
    ///
    /// # Errors
    /// When there is one.
    pub fn subscribe(&mut self, subscriber: Arc<dyn Subscriber>) -> Result<(), BrokerError> {
        if self.subscriber.is_some() {
            return Err(BrokerError::Subscribed);
        }
        self.tell_shrunk();
        for (name, topic) in self.index.topics() {
            let through = topic.entries().evicted_through();
            if through > Seq::START {
                subscriber.evicted(name, Cursor::new(self.epoch, through));
            }
        }
        let topics = self.index.topics().flat_map(|(_, topic)| topic.entries().iter());
        let mut entries: Vec<&Entry> = topics.map(|kept| &kept.entry).collect();
        entries.sort_unstable_by_key(|entry| entry.cursor.seq);
        for entry in entries {
            // A subscriber with less room than this log says so by not taking it.
            let _ = subscriber.append(entry.clone());
        }
        // Only now: what is known of a topic is more exact than what is known of those that were forgotten.
        if self.index.forgotten() > Seq::START {
            subscriber.forgotten(self.index.forgotten());
        }
        self.subscriber = Some(subscriber);
        Ok(())
    }

    /// Looks whether a publication is to be taken in: not one that is there already, or that expects another newest entry.
    ///
    /// # Errors
    /// As for [`crate::Broker::publish`].
    pub fn check(&self, new: &NewEntry) -> Result<ControlFlow<Published>, PublishError> {
        if self.closed {
            return Err(PublishError::Closed);
        }
        if !new.kind.is_stored() {
            return Ok(ControlFlow::Continue(()));
        }
        let topic = self.index.topic(&new.topic);
        if let Some(entry) = new.key.as_ref().and_then(|key| topic?.keyed(key)) {
            return if new.same_payload && entry.data != new.data {
                Err(PublishError::KeyReused)
            } else {
                Ok(ControlFlow::Break(Published { cursor: entry.cursor, duplicate: true }))
            };
        }
        let newest = topic.and_then(|topic| topic.entries().iter().next_back());
        let newest = newest.map_or(Seq::START, |newest| newest.entry.cursor.seq);
        match new.expected {
            Some(expected) if expected != newest => Err(PublishError::Conflict { newest }),
            _ => Ok(ControlFlow::Continue(())),
        }
    }

    /// The number that the next entry would get, `ahead` of the next that is free.
    #[must_use]
    pub fn propose(&self, ahead: u64) -> Seq {
        Seq(self.head.next().0.saturating_add(ahead))
    }

    /// Takes an entry in under a number that was proposed for it; `None` where that number was given to another meanwhile.
    ///
    /// # Errors
    /// When the subscriber does not take it. Then it is not in the log.
    pub fn commit(
        &mut self,
        new: &NewEntry,
        seq: Seq,
        segment: u64,
        now: Instant,
    ) -> Result<Option<Unannounced>, PublishError> {
        if seq <= self.head {
            return Ok(None);
        }
        if self.closed {
            return Err(PublishError::Closed);
        }
        let cursor = Cursor::new(self.epoch, seq);
        let NewEntry { topic, kind, data, key, .. } = new.clone();
        let key = key.filter(|_| kind.is_stored());
        let entry = Entry { cursor, topic, data, key, taken_at: now };
        let retained = kind.is_stored().then(|| entry.clone());
        let wake = match &self.subscriber {
            Some(subscriber) => Some((Arc::clone(subscriber), subscriber.append(entry)?)),
            None => None,
        };
        self.head = seq;
        if let Some(entry) = retained {
            self.index.push(IndexedEntry { entry, segment }, now);
            self.tell_shrunk();
        }
        Ok(Some(Unannounced { cursor, wake }))
    }

    fn tell_shrunk(&mut self) {
        for (topic, through) in self.index.take_shrunk() {
            if let Some(subscriber) = &self.subscriber {
                subscriber.evicted(&topic, Cursor::new(self.epoch, through));
            }
        }
    }

    /// Tells that everything of a topic up to here is gone.
    pub fn tell_evicted(&self, topic: &common::Topic, through: Seq) {
        if let Some(subscriber) = &self.subscriber {
            subscriber.evicted(topic, Cursor::new(self.epoch, through));
        }
    }

    /// The one who is told.
    #[must_use]
    pub fn subscriber(&self) -> Option<&Arc<dyn Subscriber>> {
        self.subscriber.as_ref()
    }

    /// Reports that nothing is taken in any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Takes nothing in from now on.
    pub fn close(&mut self) {
        self.closed = true;
    }
}
