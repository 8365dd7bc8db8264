//! The hot part of the log: its entries by topic, as far as this process keeps them. All of it stands behind one lock, so that a reader
//! who has read up to a place has missed nothing before it.

mod topic;

use std::{collections::HashMap, sync::Arc, time::Duration};

use broker::{Entry, TopicKind, TopicPolicy, TopicQuota};
use common::{Cursor, Epoch, Seq, Topic};
use slab::Slab;
use tokio::time::Instant;

use crate::{publication::Publication, topic::TopicState};

pub(crate) use topic::TopicLog;

/// The interval at which a full log that has little to evict looks for room again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Little is less than one in so many topics.
const WORTH_A_LOOK: usize = 16;

#[derive(Debug)]
pub(crate) struct Log {
    /// The place of the newest entry in the log.
    head: Cursor,
    /// The greatest of each number that an entry came with; the head may be further, where entries are missing.
    appended: Cursor,
    /// The place of the head in this process.
    head_place: Seq,
    /// The number of lives that the log has had in this process.
    life: u32,
    /// True if values of `Latest` topics are numbered apart. Then places are counted here; else they are the log's numbers.
    numbers_latest_apart: bool,
    /// The bytes of payload of all topics together.
    bytes: usize,
    /// Topics were forgotten that had lost entries up to this place and number: a topic made anew may have been one of them.
    forgotten: (Seq, Seq),
    /// Streams have gone that a reader may have followed who has seen less than this number of the log.
    streams_gone: Seq,
    topics: Slab<TopicLog>,
    names: HashMap<Topic, usize>,
    /// The number of topics of each policy.
    families: Vec<usize>,
    /// The time at which room was last looked for and little was found.
    full_at: Option<Instant>,
}

impl Log {
    /// Makes an empty log that goes on behind `head`.
    pub(crate) fn new(head: Cursor, numbers_latest_apart: bool) -> Self {
        Self {
            head,
            appended: head,
            head_place: if numbers_latest_apart { Seq::START } else { head.seq },
            life: 0,
            numbers_latest_apart,
            bytes: 0,
            forgotten: (Seq::START, Seq::START),
            // Those of an earlier process, also to whoever has seen all that it told.
            streams_gone: head.seq.next(),
            topics: Slab::new(),
            names: HashMap::new(),
            families: Vec::new(),
            full_at: None,
        }
    }

    /// The place of the newest entry.
    pub(crate) fn head(&self) -> Cursor {
        self.head
    }

    /// The place of the newest entry in this process.
    pub(crate) fn head_place(&self) -> Seq {
        self.head_place
    }

    pub(crate) fn life(&self) -> u32 {
        self.life
    }

    /// The place behind which everything follows that a reader of a topic has not seen who has seen everything up to `since`.
    pub(crate) fn place_after(&self, topic: &TopicLog, since: Cursor) -> Seq {
        if !self.numbers_latest_apart {
            return since.seq;
        }
        let next = topic.entry(topic.first_after_number(topic.number(since)));
        next.map_or(self.head_place, |next| next.place.previous())
    }

    /// Reports that a reader comes from a node that has been told more of this life than this one, which learns it soon.
    pub(crate) fn is_behind(&self, since: Cursor) -> bool {
        self.numbers_latest_apart && since.epoch == self.head.epoch && !self.head.covers(since)
    }

    pub(crate) fn len(&self) -> usize {
        self.topics.len()
    }

    pub(crate) fn topic(&self, slot: usize) -> &TopicLog {
        &self.topics[slot]
    }

    pub(crate) fn get(&self, slot: usize) -> Option<&TopicLog> {
        self.topics.get(slot)
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

    /// The topic's slot, made if there is none yet.
    pub(crate) fn declare(&mut self, name: &Topic, (family, policy): (usize, &TopicPolicy)) -> usize {
        if let Some(&slot) = self.names.get(name) {
            return slot;
        }
        let vacant = self.topics.vacant_entry();
        let slot = vacant.key();
        let state = Arc::new(TopicState::new(name.clone(), policy.kind, slot));
        let topic = TopicLog::new(state, policy.retention, family, self.forgotten, self.numbers_latest_apart);
        vacant.insert(topic);
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

    /// Keeps the next entry of a topic. Returns its place in this process.
    pub(crate) fn append(&mut self, slot: usize, entry: Entry) -> Seq {
        let Entry { cursor, data, taken_at, .. } = entry;
        let place = if self.numbers_latest_apart { self.head_place.next() } else { cursor.seq };
        self.head = self.head.advance(cursor);
        self.appended = self.appended.advance(cursor);
        self.head_place = place;
        let topic = &mut self.topics[slot];
        let before = topic.bytes();
        let name = topic.state.name.clone();
        topic.push(Arc::new(Publication::new(cursor, place, name, data, taken_at)));
        topic.evict(taken_at);
        self.bytes = self.bytes + topic.bytes() - before;
        place
    }

    /// Everything of a topic up to `through` is gone.
    pub(crate) fn evict_through(&mut self, slot: usize, through: Cursor) {
        // Entries that this process was never told of are gone: readers who are up to date have lost them, too.
        let is_hole = self.numbers_latest_apart && !self.appended.covers(through);
        if is_hole {
            self.head = self.head.advance(through);
            self.head_place = self.head_place.next();
        }
        let hole = is_hole.then_some(self.head_place);
        let topic = &mut self.topics[slot];
        if topic.state.kind == TopicKind::Stream {
            self.streams_gone = self.streams_gone.max(through.seq);
        }
        let before = topic.bytes();
        topic.evict_through(through, hole, self.numbers_latest_apart);
        self.bytes = self.bytes + topic.bytes() - before;
    }

    /// Drops all that a stream holds.
    pub(crate) fn drop_stream(&mut self, slot: usize) {
        let topic = &mut self.topics[slot];
        self.bytes -= topic.bytes();
        self.streams_gone = self.streams_gone.max(self.head.seq);
        topic.drop_all();
    }

    /// Reports that a stream of which nothing is here has gone behind a reader's back: one who comes with a place from behind that was told,
    /// or has asked for a stream that there never was.
    pub(crate) fn has_gone(&self, since: Cursor) -> bool {
        since.epoch != self.head.epoch || since.seq < self.streams_gone
    }

    /// Topics that this log knows nothing of have lost entries up to this number.
    pub(crate) fn forget_through(&mut self, through: Seq) {
        let place = if self.numbers_latest_apart { Seq::START } else { through };
        self.forgotten = (self.forgotten.0.max(place), self.forgotten.1.max(through));
    }

    /// Begins a new life: everything so far is gone.
    pub(crate) fn reset(&mut self, epoch: Epoch) {
        self.head = Cursor::new(epoch, Seq::START);
        self.appended = self.head;
        self.life += 1;
        self.forgotten = (Seq::START, Seq::START);
        self.topics.iter_mut().for_each(|(_, topic)| topic.clear());
        self.bytes = 0;
    }

    /// Drops what is past its age, and topics that no one follows and that were never published to, or have lapsed.
    /// A topic that has lost entries stays: it must be able to tell of them.
    pub(crate) fn sweep(&mut self, now: Instant) {
        let (names, families) = (&mut self.names, &mut self.families);
        let (head, gone) = (self.head.seq, &mut self.streams_gone);
        self.topics.retain(|_, topic| {
            topic.evict(now);
            if topic.state.kind == TopicKind::Stream && topic.is_empty() && topic.newest() > Seq::START {
                *gone = (*gone).max(head);
            }
            let published = topic.newest() > Seq::START && !topic.is_expired(now);
            let used = published || topic.state.listeners() > 0;
            if !used {
                families[topic.family] -= 1;
                names.remove(&topic.state.name);
            }
            used
        });
        self.bytes = self.topics.iter().map(|(_, topic)| topic.bytes()).sum();
    }

    /// Forgets topics that no one follows and that hold nothing, or only a last value past its age. One watermark
    /// remembers what all of them had lost, so a reader of one may get a gap that was another's.
    fn make_room(&mut self, now: Instant) {
        self.sweep(now);
        let (names, families) = (&mut self.names, &mut self.families);
        let forgotten = &mut self.forgotten;
        self.topics.retain(|_, topic| {
            let used = topic.holds_something(now) || topic.state.listeners() > 0;
            if !used {
                let (place, number) = topic.lost_up_to();
                *forgotten = (forgotten.0.max(place), forgotten.1.max(number));
                families[topic.family] -= 1;
                names.remove(&topic.state.name);
            }
            used
        });
    }

    /// While the log holds more than `bytes` of payload, the topic that holds most gives up the older half of it.
    pub(crate) fn keep_within(&mut self, bytes: usize) {
        while self.bytes > bytes {
            // Topics with a reserved quota are evicted from last: others must not push their entries out by filling
            // the log.
            let largest = self.topics.iter_mut().map(|(_, topic)| topic).max_by_key(|topic| {
                let gives = topic.can_shrink() && topic.retention().quota != TopicQuota::Reserved;
                (gives, topic.bytes())
            });
            let Some(topic) = largest else { return };
            let before = topic.bytes();
            topic.shrink(before / 2);
            self.bytes = self.bytes + topic.bytes() - before;
            if topic.bytes() == before {
                return;
            }
        }
    }
}
