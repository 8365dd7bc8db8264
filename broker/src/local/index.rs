//! The entries of `Log` topics that a local log retains, by topic.

use std::{collections::HashMap, sync::Arc};

use common::{Seq, Topic};
use tokio::time::Instant;

use crate::{
    contract::{History, HistoryFilter},
    entry::Entry,
    idempotency_key::IdempotencyKey,
    retained::{Retained, RetainedEntry},
    topic_policy::{TopicPolicy, TopicQuota, policy_of},
};

/// The bounds of an index.
#[derive(Debug, Clone, Copy)]
pub struct IndexBounds {
    /// The most bytes of payloads and keys.
    pub bytes: usize,
    /// The most bytes that the entries may take where they are stored.
    pub stored: usize,
    /// The bytes that an entry takes there besides its topic's name, its payload and its key.
    pub overhead: usize,
    /// The number of topics above which those that hold nothing are forgotten.
    pub topics: usize,
}

/// The entries of `Log` topics that a local log retains.
#[derive(Debug)]
pub struct Index {
    policies: Arc<[TopicPolicy]>,
    bounds: IndexBounds,
    topics: HashMap<Topic, IndexedTopic>,
    size: Size,
    /// Topics were forgotten that had lost entries up to here: a topic made anew may have been one of them.
    forgotten: Seq,
    /// The topics that gave entries up for others and were not told of yet.
    shrunk: Vec<Topic>,
}

/// The retained entries of a topic.
#[derive(Debug)]
pub struct IndexedTopic {
    entries: Retained<IndexedEntry>,
    /// The entries that have keys.
    keys: HashMap<IdempotencyKey, Seq>,
    /// The bytes that an entry takes where it is stored, besides its payload and its key.
    overhead: usize,
}

/// An entry, and where it is stored.
#[derive(Debug, Clone)]
pub struct IndexedEntry {
    /// The entry.
    pub entry: Entry,
    /// The segment that holds it; 0 in memory only.
    pub segment: u64,
}

impl RetainedEntry for IndexedEntry {
    fn seq(&self) -> Seq {
        self.entry.cursor.seq
    }

    fn taken_at(&self) -> Instant {
        self.entry.taken_at
    }

    fn weight(&self) -> usize {
        self.entry.data.len() + IdempotencyKey::weight(self.entry.key.as_ref())
    }
}

/// The size of a topic, or of all topics together.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// The bytes of payloads and keys.
    bytes: usize,
    /// The bytes where they are stored.
    stored: usize,
}

impl Size {
    /// A part of it was `before` and is `after`.
    fn change(&mut self, before: Self, after: Self) {
        self.bytes = self.bytes + after.bytes - before.bytes;
        self.stored = self.stored + after.stored - before.stored;
    }
}

impl Index {
    /// Makes an empty index.
    #[must_use]
    pub fn new(policies: Arc<[TopicPolicy]>, bounds: IndexBounds) -> Self {
        Self {
            policies,
            bounds,
            topics: HashMap::new(),
            size: Size::default(),
            forgotten: Seq::START,
            shrunk: Vec::new(),
        }
    }

    /// Returns the policy of a topic whose entries are retained here.
    #[must_use]
    pub fn policy(&self, topic: &Topic) -> Option<&TopicPolicy> {
        policy_of(&self.policies, topic).map(|(_, policy)| policy).filter(|policy| policy.kind.is_stored())
    }

    /// The topic of this name, if it was ever published to and is not forgotten.
    #[must_use]
    pub fn topic(&self, topic: &Topic) -> Option<&IndexedTopic> {
        self.topics.get(topic)
    }

    /// All topics.
    pub fn topics(&self) -> impl Iterator<Item = (&Topic, &IndexedTopic)> {
        self.topics.iter()
    }

    /// Topics were forgotten that had lost entries up to here.
    #[must_use]
    pub fn forgotten(&self) -> Seq {
        self.forgotten
    }

    /// The loss that a topic takes over from those that were forgotten, where it is new: nothing that is stored of this one proves it.
    #[must_use]
    pub fn inherited_loss(&self, topic: &Topic) -> Option<Seq> {
        let is_new = self.topics.get(topic).is_none_or(|topic| topic.entries.newest() == Seq::START);
        (is_new && self.forgotten > Seq::START).then_some(self.forgotten)
    }

    /// Notes what an earlier process knew to be forgotten.
    pub fn forget_through(&mut self, through: Seq) {
        self.forgotten = self.forgotten.max(through);
    }

    /// Restores a topic that an earlier process kept: its loss, and its entries, oldest first.
    pub fn restore(&mut self, name: &Topic, evicted_through: Seq, entries: Vec<IndexedEntry>, now: Instant) {
        let (policies, bounds) = (Arc::clone(&self.policies), self.bounds);
        let Some((_, policy)) = policy_of(&policies, name).filter(|(_, policy)| policy.kind.is_stored())
        else {
            return;
        };
        if entries.is_empty() && self.topics.len() >= bounds.topics {
            self.forgotten = self.forgotten.max(evicted_through);
            return;
        }
        let mut topic = IndexedTopic::new(name, policy, evicted_through, bounds.overhead);
        topic.entries.evict_through(evicted_through);
        entries.into_iter().for_each(|entry| topic.push(entry));
        topic.evict(now);
        self.size.change(Size::default(), topic.size());
        self.topics.insert(name.clone(), topic);
        self.keep_within();
    }

    /// Takes the newest entry of all in.
    pub fn push(&mut self, entry: IndexedEntry, now: Instant) {
        let name = entry.entry.topic.clone();
        if !self.topics.contains_key(&name) {
            let Some((_, policy)) = policy_of(&self.policies, &name) else { return };
            let topic = IndexedTopic::new(&name, policy, self.forgotten, self.bounds.overhead);
            self.topics.insert(name.clone(), topic);
        }
        let Some(topic) = self.topics.get_mut(&name) else { return };
        let before = topic.size();
        topic.push(entry);
        topic.evict(now);
        self.size.change(before, topic.size());
        self.keep_within();
    }

    /// Removes all entries of a topic; returns how many.
    pub fn remove(&mut self, name: &Topic) -> (usize, Seq) {
        let Some(topic) = self.topics.get_mut(name) else { return (0, Seq::START) };
        let before = topic.size();
        let removed = topic.entries.evict_through(topic.entries.newest()).len();
        topic.keys.clear();
        self.size.change(before, topic.size());
        (removed, topic.entries.evicted_through())
    }

    /// Drops what is past its age, and forgets topics that hold nothing where there are too many.
    pub fn sweep(&mut self, now: Instant) {
        for topic in self.topics.values_mut() {
            let before = topic.size();
            topic.evict(now);
            self.size.change(before, topic.size());
        }
        if self.topics.len() > self.bounds.topics {
            let forgotten = &mut self.forgotten;
            self.topics.retain(|_, topic| {
                let is_used = !topic.entries.is_empty();
                if !is_used {
                    *forgotten = topic.entries.evicted_through().max(*forgotten);
                }
                is_used
            });
        }
    }

    /// Reads a stretch of a topic.
    #[must_use]
    pub fn history(&self, topic: &Topic, filter: HistoryFilter) -> History {
        let Some(topic) = self.topics.get(topic) else {
            return History { entries: Vec::new(), more: false, trimmed_to: Seq::START };
        };
        let entries = &topic.entries;
        let begin = filter.since.map_or(0, |since| entries.first_after(since));
        let end =
            filter.before.map_or(entries.len(), |before| entries.first_after(before.previous())).max(begin);
        let (first, last) = if filter.reverse {
            (begin.max(end.saturating_sub(filter.limit)), end)
        } else {
            (begin, end.min(begin.saturating_add(filter.limit)))
        };
        let more = first > begin || last < end;
        let entries =
            (first..last).filter_map(|index| topic.entries.get(index)).map(|kept| kept.entry.clone());
        History { entries: entries.collect(), more, trimmed_to: topic.entries.evicted_through() }
    }

    /// Entries of a topic were written again, each to this segment.
    pub fn relocated(&mut self, name: &Topic, to: &[(Seq, u64)]) {
        let Some(topic) = self.topics.get_mut(name) else { return };
        for &(seq, segment) in to {
            if let Some(kept) = topic.entries.find_mut(seq) {
                kept.segment = segment;
            }
        }
    }

    /// While it holds more than its bounds allow, the topic that holds most gives up the older half of it.
    fn keep_within(&mut self) {
        loop {
            let part: fn(Size) -> usize = if self.size.bytes > self.bounds.bytes {
                |size| size.bytes
            } else if self.size.stored > self.bounds.stored {
                |size| size.stored
            } else {
                return;
            };
            // Topics with a reserved quota are evicted from last: others must not push their entries out by filling
            // the log.
            let largest = self.topics.iter_mut().max_by_key(|(_, topic)| {
                let gives =
                    topic.entries.can_shrink() && topic.entries.retention().quota != TopicQuota::Reserved;
                (gives, part(topic.size()))
            });
            let Some((name, topic)) = largest else { return };
            let (before, overhead) = (topic.size(), topic.overhead);
            let half = part(before) / 2;
            let keys = &mut topic.keys;
            topic.entries.shrink(|entries| part(size_of(entries, overhead)) > half, |gone| unkey(keys, gone));
            let after = topic.size();
            self.size.change(before, after);
            if after.stored == before.stored && after.bytes == before.bytes {
                return;
            }
            self.shrunk.push(name.clone());
        }
    }

    /// Takes the topics that gave entries up for others since the last call, each with the number up to which all are gone.
    pub fn take_shrunk(&mut self) -> impl Iterator<Item = (Topic, Seq)> {
        let evicted = |name: Topic| {
            let through = self.topics.get(&name)?.entries.evicted_through();
            Some((name, through))
        };
        std::mem::take(&mut self.shrunk).into_iter().filter_map(evicted)
    }
}

impl IndexedTopic {
    fn new(name: &Topic, policy: &TopicPolicy, evicted_through: Seq, overhead: usize) -> Self {
        Self {
            entries: Retained::new(policy.kind, policy.retention, evicted_through),
            keys: HashMap::new(),
            overhead: overhead + name.as_str().len(),
        }
    }

    fn push(&mut self, entry: IndexedEntry) {
        if let Some(key) = &entry.entry.key {
            self.keys.insert(key.clone(), entry.seq());
        }
        self.entries.push(entry);
    }

    fn evict(&mut self, now: Instant) {
        let keys = &mut self.keys;
        self.entries.evict(now, |gone| unkey(keys, gone));
    }

    fn size(&self) -> Size {
        size_of(&self.entries, self.overhead)
    }

    /// The entry to which a publisher gave this key.
    #[must_use]
    pub fn keyed(&self, key: &IdempotencyKey) -> Option<&Entry> {
        self.entries.find(*self.keys.get(key)?).map(|kept| &kept.entry)
    }

    /// Its entries.
    #[must_use]
    pub fn entries(&self) -> &Retained<IndexedEntry> {
        &self.entries
    }
}

fn size_of(entries: &Retained<IndexedEntry>, overhead: usize) -> Size {
    let bytes = entries.bytes();
    Size { bytes, stored: entries.len() * overhead + bytes }
}

/// The key may be a later entry's by now.
fn unkey(keys: &mut HashMap<IdempotencyKey, Seq>, gone: &IndexedEntry) {
    if let Some(key) = gone.entry.key.as_ref().filter(|key| keys.get(*key) == Some(&gone.seq())) {
        keys.remove(key);
    }
}
