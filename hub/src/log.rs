//! The entries, by topic, under one numbering. All of it stands behind one lock: numbers are given and entries become
//! visible in the same step, so no reader can pass a number that is not there yet.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use common::{Seq, Topic};
use slab::Slab;
use tokio::time::Instant;

use crate::{
    publication::Publication,
    rule::{Kind, Retention, Rule},
    topic::TopicState,
};

#[derive(Debug, Default)]
pub(crate) struct Log {
    head: Seq,
    /// Payload held by all topics.
    bytes: usize,
    /// Topics were forgotten that had lost entries up to here: a topic made anew may have been one of them.
    forgotten_through: Seq,
    topics: Slab<TopicLog>,
    names: HashMap<Topic, usize>,
}

/// What the log holds of one topic.
#[derive(Debug)]
pub(crate) struct TopicLog {
    pub(crate) state: Arc<TopicState>,
    retention: Retention,
    entries: VecDeque<Arc<Publication>>,
    bytes: usize,
    /// Every entry up to here is gone.
    evicted_through: Seq,
    newest: Seq,
}

impl Log {
    pub(crate) fn head(&self) -> Seq {
        self.head
    }

    pub(crate) fn len(&self) -> usize {
        self.topics.len()
    }

    pub(crate) fn topic(&self, slot: usize) -> &TopicLog {
        &self.topics[slot]
    }

    pub(crate) fn find(&self, name: &str) -> Option<&TopicLog> {
        self.names.get(name).map(|&slot| &self.topics[slot])
    }

    /// The topic's place, made if there is none yet.
    pub(crate) fn declare(&mut self, name: &Topic, rule: &Rule) -> usize {
        if let Some(&slot) = self.names.get(name) {
            return slot;
        }
        let vacant = self.topics.vacant_entry();
        let slot = vacant.key();
        vacant.insert(TopicLog {
            state: Arc::new(TopicState::new(name.clone(), rule.kind, slot)),
            retention: rule.retention,
            entries: VecDeque::new(),
            bytes: 0,
            evicted_through: self.forgotten_through,
            newest: Seq::START,
        });
        self.names.insert(name.clone(), slot);
        slot
    }

    /// Gives the next number to what `make` builds with it, and keeps it.
    pub(crate) fn append(
        &mut self,
        slot: usize,
        now: Instant,
        make: impl FnOnce(Seq) -> Publication,
    ) -> &Arc<TopicState> {
        self.head = self.head.next();
        let topic = &mut self.topics[slot];
        let before = topic.bytes;
        topic.push(Arc::new(make(self.head)));
        topic.evict(now);
        self.bytes = self.bytes + topic.bytes - before;
        &topic.state
    }

    /// Drops what is past its age, and topics that were asked for but never published to and that no one follows.
    /// A topic that has lost entries stays: it must be able to tell of them.
    pub(crate) fn sweep(&mut self, now: Instant) {
        let names = &mut self.names;
        self.topics.retain(|_, topic| {
            topic.evict(now);
            let used = topic.newest > Seq::START || topic.state.listeners() > 0;
            if !used {
                names.remove(&topic.state.name);
            }
            used
        });
        self.bytes = self.topics.iter().map(|(_, topic)| topic.bytes).sum();
    }

    /// Forgets topics that hold nothing and that no one follows; whether there were any. What they had lost is
    /// remembered for all of them together, so a reader of one may be told of a gap that was another's.
    pub(crate) fn make_room(&mut self, now: Instant) -> bool {
        let before = self.topics.len();
        self.sweep(now);
        let (names, forgotten) = (&mut self.names, &mut self.forgotten_through);
        self.topics.retain(|_, topic| {
            let used = topic.len() > 0 || topic.state.listeners() > 0;
            if !used {
                *forgotten = topic.evicted_through.max(*forgotten);
                names.remove(&topic.state.name);
            }
            used
        });
        self.topics.len() < before
    }

    /// While the log holds more than `limit`, the topic that holds most gives up the older half of it.
    pub(crate) fn keep_within(&mut self, limit: usize) {
        while self.bytes > limit {
            let largest = self.topics.iter_mut().map(|(_, topic)| topic).max_by_key(|topic| topic.bytes);
            let Some(topic) = largest else { return };
            let before = topic.bytes;
            topic.shrink_to(before / 2);
            self.bytes -= before - topic.bytes;
            if topic.bytes == before {
                return;
            }
        }
    }
}

impl TopicLog {
    fn push(&mut self, publication: Arc<Publication>) {
        self.bytes += publication.data.len();
        self.newest = publication.cursor.seq;
        self.entries.push_back(publication);
    }

    fn shrink_to(&mut self, bytes: usize) {
        while self.bytes > bytes && self.entries.len() > self.kept_always() {
            self.drop_oldest();
        }
    }

    fn kept_always(&self) -> usize {
        match self.state.kind {
            Kind::Latest => 1,
            Kind::Log => 0,
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.entries.pop_front() {
            self.bytes -= oldest.data.len();
            self.evicted_through = oldest.cursor.seq;
        }
    }

    fn evict(&mut self, now: Instant) {
        while self.entries.len() > self.kept_always() {
            let Some(oldest) = self.entries.front() else { break };
            let over = self.entries.len() > self.retention.entries.max(1)
                || self.bytes > self.retention.bytes
                || now.saturating_duration_since(oldest.taken_at) > self.retention.age;
            if !over {
                break;
            }
            self.drop_oldest();
        }
    }

    pub(crate) fn newest(&self) -> Seq {
        self.newest
    }

    pub(crate) fn evicted_through(&self) -> Seq {
        self.evicted_through
    }

    /// The index of the first entry after `seq`.
    pub(crate) fn first_after(&self, seq: Seq) -> usize {
        if self.newest <= seq {
            return self.entries.len();
        }
        self.entries.partition_point(|entry| entry.cursor.seq <= seq)
    }

    pub(crate) fn entry(&self, index: usize) -> Option<&Arc<Publication>> {
        self.entries.get(index)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
