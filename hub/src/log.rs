//! The entries, by topic, under one numbering. All of it stands behind one lock: numbers are given and entries become
//! visible in the same step, so no reader can pass a number that is not there yet.

mod clock_reading;
mod journaled;
mod size;
mod topic;

use std::{collections::HashMap, io, sync::Arc, time::Duration};

use broker::{IdempotencyKey, TopicKind, TopicPolicy, TopicQuota};
use bytes::Bytes;
use common::{Cursor, Epoch, Seq, Topic};
use slab::Slab;
use tokio::time::Instant;

use crate::{
    journal::{Bounds, SyncState},
    publication::Publication,
    topic::TopicState,
};

pub(crate) use size::Size;
pub(crate) use topic::TopicLog;

/// The interval at which a full log that has little to evict looks for room again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Little is less than one in so many topics.
const WORTH_A_LOOK: usize = 16;

#[derive(Debug)]
pub(crate) struct Log {
    epoch: Epoch,
    head: Seq,
    /// The size of all topics together.
    size: Size,
    /// Topics were forgotten that had lost entries up to here: a topic made anew may have been one of them.
    evicted_watermark: Seq,
    topics: Slab<TopicLog>,
    names: HashMap<Topic, usize>,
    /// The number of topics of each policy.
    families: Vec<usize>,
    /// The time at which room was last looked for and little was found.
    full_at: Option<Instant>,
    /// The link to the journal of `TopicKind::Log` topics; `None` in memory only.
    stored: Option<JournalLink>,
}

/// The log's link to its journal.
#[derive(Debug)]
struct JournalLink {
    bounds: Bounds,
    sync_state: Arc<SyncState>,
}

impl Log {
    /// An empty log, in memory only.
    pub(crate) fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            head: Seq::START,
            size: Size::default(),
            evicted_watermark: Seq::START,
            topics: Slab::new(),
            names: HashMap::new(),
            families: Vec::new(),
            full_at: None,
            stored: None,
        }
    }

    /// The place of the newest entry.
    pub(crate) fn head(&self) -> Cursor {
        Cursor::new(self.epoch, self.head)
    }

    pub(crate) fn len(&self) -> usize {
        self.topics.len()
    }

    pub(crate) fn topic(&self, slot: usize) -> &TopicLog {
        &self.topics[slot]
    }

    pub(crate) fn topics(&self) -> impl Iterator<Item = &TopicLog> {
        self.topics.iter().map(|(_, topic)| topic)
    }

    /// Returns the entries of a topic, unless the log has forgotten it.
    pub(crate) fn of(&self, state: &Arc<TopicState>) -> Option<&TopicLog> {
        self.topics.get(state.slot).filter(|topic| Arc::ptr_eq(&topic.state, state))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&TopicLog> {
        self.names.get(name).map(|&slot| &self.topics[slot])
    }

    /// The topic's place, made if there is none yet.
    pub(crate) fn declare(&mut self, name: &Topic, (family, policy): (usize, &TopicPolicy)) -> usize {
        if let Some(&slot) = self.names.get(name) {
            return slot;
        }
        let vacant = self.topics.vacant_entry();
        let slot = vacant.key();
        let state = Arc::new(TopicState::new(name.clone(), policy.kind, slot));
        vacant.insert(TopicLog::new(state, policy.retention, family, self.evicted_watermark));
        self.names.insert(name.clone(), slot);
        if self.families.len() <= family {
            self.families.resize(family + 1, 0);
        }
        self.families[family] += 1;
        slot
    }

    /// Reports that one more topic of a policy fits. `topics` bounds those whose policies have no quota of their own.
    pub(crate) fn has_room(
        &mut self,
        (family, policy): (usize, &TopicPolicy),
        topics: usize,
        now: Instant,
    ) -> bool {
        let full = |log: &Self| match policy.retention.quota {
            TopicQuota::Reserved => false,
            TopicQuota::AtMost(most) => log.families.get(family).is_some_and(|&count| count >= most),
            TopicQuota::Shared => log.topics.len() >= topics,
        };
        if !full(self) {
            return true;
        }
        // Looking through all topics costs as much as thousands of publications: not for each that is refused.
        if self.full_at.is_some_and(|at| now.saturating_duration_since(at) < LOOK_AGAIN) {
            return false;
        }
        let before = self.topics.len();
        self.make_room(now);
        // A look that found much has paid for itself.
        let found = before - self.topics.len();
        self.full_at = (found * WORTH_A_LOOK < before).then_some(now);
        !full(self)
    }

    /// Gives the next number to an entry of a topic that is in memory only, and keeps it.
    pub(crate) fn append(
        &mut self,
        slot: usize,
        (data, key): (Bytes, Option<IdempotencyKey>),
        now: Instant,
    ) -> io::Result<Arc<Publication>> {
        let seq = self.head.next();
        if let Some(stored) = &self.stored {
            stored.sync_state.reserve_seq(seq)?;
        }
        Ok(self.keep(slot, seq, (data, key), now, 0))
    }

    /// Keeps an entry that was written to a segment of the journal under a number that was foreseen for it; `None` where that
    /// number was given to another meanwhile.
    pub(crate) fn commit(
        &mut self,
        slot: usize,
        seq: Seq,
        (data, key): (Bytes, Option<IdempotencyKey>),
        now: Instant,
        segment: u64,
    ) -> Option<Arc<Publication>> {
        (seq > self.head).then(|| self.keep(slot, seq, (data, key), now, segment))
    }

    fn keep(
        &mut self,
        slot: usize,
        seq: Seq,
        (data, key): (Bytes, Option<IdempotencyKey>),
        now: Instant,
        segment: u64,
    ) -> Arc<Publication> {
        let cursor = Cursor::new(self.epoch, seq);
        self.head = seq;
        let topic = &mut self.topics[slot];
        let before = topic.size();
        let entry = Arc::new(Publication::new(cursor, topic.state.name.clone(), data, now, key));
        topic.push(Arc::clone(&entry), segment);
        topic.evict(now);
        self.size.change(before, topic.size());
        entry
    }

    /// Reports that the topic's entries are written to the journal.
    pub(crate) fn is_stored(&self, slot: usize) -> bool {
        self.stored.is_some() && self.topics[slot].state.kind == TopicKind::Log
    }

    /// Drops what is past its age, and topics that no one follows and that were never published to, or have lapsed.
    /// A topic that has lost entries stays: it must be able to tell of them.
    pub(crate) fn sweep(&mut self, now: Instant) {
        let (names, families) = (&mut self.names, &mut self.families);
        self.topics.retain(|_, topic| {
            topic.evict(now);
            let published = topic.newest() > Seq::START && !topic.is_expired(now);
            let used = published || topic.state.listeners() > 0;
            if !used {
                families[topic.family] -= 1;
                names.remove(&topic.state.name);
            }
            used
        });
        self.size = self.topics.iter().map(|(_, topic)| topic.size()).sum();
    }

    /// Forgets topics that no one follows and that hold nothing, or only a last value past its age. One watermark
    /// remembers what all of them had lost, so a reader of one may get a gap that was another's.
    fn make_room(&mut self, now: Instant) {
        self.sweep(now);
        let (names, families) = (&mut self.names, &mut self.families);
        let forgotten = &mut self.evicted_watermark;
        self.topics.retain(|_, topic| {
            let used = topic.holds_something(now) || topic.state.listeners() > 0;
            if !used {
                *forgotten = topic.lost_up_to().max(*forgotten);
                families[topic.family] -= 1;
                names.remove(&topic.state.name);
            }
            used
        });
    }

    /// While the log holds more than `payload` bytes, or more than its journal has room for, the topic that holds most
    /// gives up the older half of it.
    pub(crate) fn keep_within(&mut self, payload: usize) {
        let room = self.stored.as_ref().map_or(usize::MAX, |stored| stored.bounds.room);
        loop {
            let part: fn(Size) -> usize = if self.size.payload > payload {
                |size| size.payload
            } else if self.size.stored > room {
                |size| size.stored
            } else {
                return;
            };
            // Topics with a reserved quota are evicted from last: others must not push their entries out by filling
            // the log.
            let largest = self.topics.iter_mut().map(|(_, topic)| topic).max_by_key(|topic| {
                let gives = topic.can_shrink() && topic.retention.quota != TopicQuota::Reserved;
                (gives, part(topic.size()))
            });
            let Some(topic) = largest else { return };
            let before = topic.size();
            topic.shrink(part, part(before) / 2);
            self.size.change(before, topic.size());
            if topic.size() == before {
                return;
            }
        }
    }
}
