//! The log's entries of one topic.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use broker::{IdempotencyKey, Retention, TopicKind};
use common::Seq;
use tokio::time::Instant;

use super::size::Size;
use crate::{journal::weight, publication::Publication, topic::TopicState};

#[derive(Debug)]
pub(crate) struct TopicLog {
    pub(crate) state: Arc<TopicState>,
    pub(super) retention: Retention,
    entries: VecDeque<LogEntry>,
    payload: usize,
    /// The entries that have keys.
    keys: HashMap<IdempotencyKey, Seq>,
    /// Which of the rules it is made by.
    pub(super) family: usize,
    /// Every entry up to here is gone.
    pub(super) evicted_through: Seq,
    /// The number of entries that were evicted since the process began.
    gone: u64,
    pub(super) newest: Seq,
}

/// An entry, and the segment of the journal that holds it.
#[derive(Debug)]
struct LogEntry {
    entry: Arc<Publication>,
    segment: u64,
}

impl TopicLog {
    /// Makes a topic that has lost everything up to `evicted_through`.
    pub(super) fn new(
        state: Arc<TopicState>,
        retention: Retention,
        family: usize,
        evicted_through: Seq,
    ) -> Self {
        Self {
            state,
            retention,
            entries: VecDeque::new(),
            payload: 0,
            keys: HashMap::new(),
            family,
            evicted_through,
            gone: 0,
            newest: Seq::START,
        }
    }

    pub(super) fn push(&mut self, entry: Arc<Publication>, segment: u64) {
        self.payload += entry.weight();
        if let Some(key) = &entry.key {
            self.keys.insert(key.clone(), entry.cursor.seq);
        }
        self.newest = entry.cursor.seq;
        self.entries.push_back(LogEntry { entry, segment });
    }

    /// Drops the oldest until `part` of what it holds is at most `limit`.
    pub(super) fn shrink(&mut self, part: fn(Size) -> usize, limit: usize) {
        while part(self.size()) > limit && self.entries.len() > self.min_entries() {
            self.drop_oldest();
        }
    }

    /// Reports that an entry may be evicted.
    pub(super) fn can_shrink(&self) -> bool {
        self.entries.len() > self.min_entries()
    }

    fn min_entries(&self) -> usize {
        match self.state.kind {
            TopicKind::Latest => 1,
            TopicKind::Log => 0,
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(LogEntry { entry, .. }) = self.entries.pop_front() {
            self.payload -= entry.weight();
            // The key may be a later entry's by now.
            if let Some(key) = entry.key.as_ref().filter(|key| self.keys.get(*key) == Some(&entry.cursor.seq))
            {
                self.keys.remove(key);
            }
            self.evicted_through = entry.cursor.seq;
            self.gone += 1;
        }
    }

    pub(super) fn evict(&mut self, now: Instant) {
        while self.entries.len() > self.min_entries() {
            let Some(oldest) = self.entries.front() else { break };
            let over = self.entries.len() > self.retention.entries.max(1)
                || self.payload > self.retention.bytes
                || now.saturating_duration_since(oldest.entry.taken_at) > self.retention.age;
            if !over {
                break;
            }
            self.drop_oldest();
        }
    }

    /// The entry to which a publisher gave this key.
    pub(crate) fn keyed(&self, key: &IdempotencyKey) -> Option<&Arc<Publication>> {
        let seq = *self.keys.get(key)?;
        let index = self.entries.partition_point(|kept| kept.entry.cursor.seq < seq);
        self.entry(index).filter(|entry| entry.cursor.seq == seq)
    }

    /// Reports that a segment holds an entry of this topic that the log still has.
    pub(super) fn has_live_entries_in(&self, segment: u64) -> bool {
        self.entries.iter().any(|kept| kept.segment == segment)
    }

    /// Returns the entries of this topic that a segment holds and the log still has.
    pub(super) fn live_entries_in(&self, segment: u64) -> Vec<Arc<Publication>> {
        let live = self.entries.iter().filter(|kept| kept.segment == segment);
        live.map(|kept| Arc::clone(&kept.entry)).collect()
    }

    /// Entries that it still has are in other segments now.
    pub(super) fn relocated(&mut self, to: &[(Seq, u64)]) {
        for &(seq, segment) in to {
            let index = self.entries.partition_point(|kept| kept.entry.cursor.seq < seq);
            if let Some(kept) = self.entries.get_mut(index).filter(|kept| kept.entry.cursor.seq == seq) {
                kept.segment = segment;
            }
        }
    }

    /// Returns the topic's size.
    pub(super) fn size(&self) -> Size {
        let stored = match self.state.kind {
            TopicKind::Latest => 0,
            TopicKind::Log => self.entries.len() * weight(&self.state.name, 0) + self.payload,
        };
        Size { payload: self.payload, stored }
    }

    /// Reports that an entry is within its age.
    pub(super) fn holds_something(&self, now: Instant) -> bool {
        let newest = self.entries.back();
        newest.is_some_and(|kept| now.saturating_duration_since(kept.entry.taken_at) <= self.retention.age)
    }

    /// Reports that a lapsing topic is past its age and has nothing to tell.
    pub(super) fn is_expired(&self, now: Instant) -> bool {
        self.retention.lapses && self.state.kind == TopicKind::Latest && !self.holds_something(now)
    }

    /// Returns the position up to which readers have lost entries. Older values of a `Latest` topic are no loss.
    pub(super) fn lost_up_to(&self) -> Seq {
        match self.state.kind {
            TopicKind::Latest => Seq::START,
            TopicKind::Log => self.evicted_through,
        }
    }

    /// Returns the number of newest entries that a snapshot begins with.
    pub(crate) fn snapshot(&self) -> usize {
        self.retention.snapshot
    }

    /// The place from which a reader finds the newest `count` entries.
    pub(crate) fn before_newest(&self, count: usize) -> Seq {
        let first = self.entries.len().checked_sub(count).and_then(|index| self.entries.get(index));
        first.map_or(self.evicted_through, |first| first.entry.cursor.seq.previous())
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
        self.entries.partition_point(|kept| kept.entry.cursor.seq <= seq)
    }

    /// Returns the number of entries up to `seq` that the topic has had since the process began.
    pub(crate) fn count_up_to(&self, seq: Seq) -> u64 {
        self.gone + self.first_after(seq) as u64
    }

    pub(crate) fn entry(&self, index: usize) -> Option<&Arc<Publication>> {
        self.entries.get(index).map(|kept| &kept.entry)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
