//! The hub's end of its broker: what the log tells becomes its hot part.

use std::sync::{Arc, Weak};

use broker::{Appended, Entry, PublishError, Subscriber};
use common::{Cursor, Epoch, Seq, Topic};
use tokio::time::Instant;

use crate::{
    hub::{Hub, Inner},
    topic::Notification,
};

/// Takes what the broker tells. The broker is the hub's, so this must not keep the hub.
#[derive(Debug)]
pub(crate) struct HotPart(pub(crate) Weak<Inner>);

impl HotPart {
    fn hub(&self) -> Option<Hub> {
        self.0.upgrade().map(Hub)
    }
}

impl Subscriber for HotPart {
    fn forgotten(&self, through: Seq) {
        if let Some(hub) = self.hub() {
            hub.0.log.write().forget_through(through);
        }
    }

    fn evicted(&self, topic: &Topic, through: Cursor) {
        let Some(hub) = self.hub() else { return };
        let Some(policy) = hub.policy(topic) else { return };
        let state = {
            let mut log = hub.0.log.write();
            let slot = log.declare(topic, policy);
            log.evict_through(slot, through);
            Arc::clone(&log.topic(slot).state)
        };
        state.notify_all();
    }

    fn append(&self, entry: Entry) -> Result<Appended, PublishError> {
        let hub = self.hub().ok_or(PublishError::Closed)?;
        let mut log = hub.0.log.write();
        // Under the lock that closing takes too: nothing follows the bye.
        if hub.is_closed() {
            return Err(PublishError::Closed);
        }
        let slot = match log.find(entry.topic.as_str()) {
            Some(known) => known.state.slot,
            None => {
                let settings = &hub.0.settings;
                let policy = hub
                    .policy(&entry.topic)
                    .ok_or_else(|| PublishError::UnknownTopic(entry.topic.clone()))?;
                if !log.has_room(policy, settings.topics, Instant::now()) {
                    return Err(PublishError::TooManyTopics(policy.1.retention.quota.most(settings.topics)));
                }
                hub.0.topic_changes.send_modify(|count| *count += 1);
                log.declare(&entry.topic, policy)
            }
        };
        let place = log.append(slot, entry);
        log.keep_within(hub.0.settings.bytes);
        Ok(Appended { slot, place })
    }

    fn wake(&self, Appended { slot, place }: Appended) {
        let Some(hub) = self.hub() else { return };
        hub.stats().published();
        let Some(state) = hub.with_log(|log| log.get(slot).map(|topic| Arc::clone(&topic.state))) else {
            return;
        };
        let coalescer = &hub.0.wake_coalescer;
        match state.notify(place, Instant::now(), coalescer.coalescing().as_ref()) {
            Notification::Pending | Notification::Done => {}
            Notification::DueAt(at) => coalescer.add(at, state),
        }
    }

    fn reset(&self, epoch: Epoch) {
        let Some(hub) = self.hub() else { return };
        hub.0.log.write().reset(epoch);
        hub.with_notifiers(|notifiers| notifiers.iter().for_each(|(_, notifier)| notifier.notify()));
    }

    fn presence_changed(&self, topic: &Topic) {
        if let Some(hub) = self.hub() {
            // Nobody may be listening.
            let _ = hub.0.presence_changes.send(topic.clone());
        }
    }
}
