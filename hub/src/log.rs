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
            evicted_through: Seq::START,
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
        topic.push(Arc::new(make(self.head)));
        topic.evict(now);
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
    }
}

impl TopicLog {
    fn push(&mut self, publication: Arc<Publication>) {
        self.bytes += publication.data.len();
        self.newest = publication.cursor.seq;
        self.entries.push_back(publication);
    }

    fn evict(&mut self, now: Instant) {
        let kept_always = match self.state.kind {
            Kind::Latest => 1,
            Kind::Log => 0,
        };
        while self.entries.len() > kept_always {
            let Some(oldest) = self.entries.front() else { break };
            let over = self.entries.len() > self.retention.entries.max(1)
                || self.bytes > self.retention.bytes
                || now.saturating_duration_since(oldest.taken_at) > self.retention.age;
            if !over {
                break;
            }
            self.bytes -= oldest.data.len();
            self.evicted_through = oldest.cursor.seq;
            self.entries.pop_front();
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
