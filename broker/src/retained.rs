//! The entries of one topic that are retained: bounded by number, age and bytes, with the place up to which all are gone.

use std::collections::VecDeque;

use common::Seq;
use tokio::time::Instant;

use crate::topic_policy::{Retention, TopicKind};

/// An entry as its retention needs it.
pub trait RetainedEntry {
    /// Its number; those of a topic rise.
    fn seq(&self) -> Seq;

    /// The time at which the log took it in.
    fn taken_at(&self) -> Instant;

    /// The bytes that it counts.
    fn weight(&self) -> usize;
}

/// The retained entries of one topic.
#[derive(Debug)]
pub struct Retained<E> {
    kind: TopicKind,
    retention: Retention,
    entries: VecDeque<E>,
    bytes: usize,
    /// Every entry up to here is gone.
    evicted_through: Seq,
    /// The number of entries that were evicted since the process began.
    gone: u64,
    newest: Seq,
}

impl<E: RetainedEntry> Retained<E> {
    /// Makes a topic that has lost everything up to `evicted_through`.
    #[must_use]
    pub fn new(kind: TopicKind, retention: Retention, evicted_through: Seq) -> Self {
        let (entries, newest) = (VecDeque::new(), Seq::START);
        Self { kind, retention, entries, bytes: 0, evicted_through, gone: 0, newest }
    }

    /// Adds the newest entry.
    pub fn push(&mut self, entry: E) {
        self.bytes += entry.weight();
        self.newest = entry.seq();
        self.entries.push_back(entry);
    }

    /// Notes that everything up to `through` is gone, and drops what is still here of it. Returns what was dropped.
    pub fn evict_through(&mut self, through: Seq) -> Vec<E> {
        let mut dropped = Vec::new();
        while self.entries.front().is_some_and(|oldest| oldest.seq() <= through) {
            dropped.extend(self.drop_oldest());
        }
        self.evicted_through = self.evicted_through.max(through);
        self.newest = self.newest.max(through);
        dropped
    }

    /// Drops what is over the topic's bounds, and tells each.
    pub fn evict(&mut self, now: Instant, mut dropped: impl FnMut(&E)) {
        while self.entries.len() > self.min_entries() {
            let Some(oldest) = self.entries.front() else { break };
            let over = self.entries.len() > self.retention.entries.max(1)
                || self.bytes > self.retention.bytes
                || now.saturating_duration_since(oldest.taken_at()) > self.retention.age;
            if !over {
                break;
            }
            self.drop_oldest().iter().for_each(&mut dropped);
        }
    }

    /// Drops the oldest entries while `is_over` says so, and tells each.
    pub fn shrink(&mut self, is_over: impl Fn(&Self) -> bool, mut dropped: impl FnMut(&E)) {
        while self.can_shrink() && is_over(self) {
            self.drop_oldest().iter().for_each(&mut dropped);
        }
    }

    /// Reports that an entry may be evicted.
    #[must_use]
    pub fn can_shrink(&self) -> bool {
        self.entries.len() > self.min_entries()
    }

    fn min_entries(&self) -> usize {
        match self.kind {
            TopicKind::Latest => 1,
            TopicKind::Log | TopicKind::Stream => 0,
        }
    }

    fn drop_oldest(&mut self) -> Option<E> {
        let entry = self.entries.pop_front()?;
        self.bytes -= entry.weight();
        self.evicted_through = entry.seq();
        self.gone += 1;
        Some(entry)
    }

    /// The relation between its entries.
    #[must_use]
    pub fn kind(&self) -> TopicKind {
        self.kind
    }

    /// Its bounds.
    #[must_use]
    pub fn retention(&self) -> &Retention {
        &self.retention
    }

    /// The bytes of its entries.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reports that an entry is within its age.
    #[must_use]
    pub fn holds_something(&self, now: Instant) -> bool {
        let newest = self.entries.back();
        newest.is_some_and(|kept| now.saturating_duration_since(kept.taken_at()) <= self.retention.age)
    }

    /// Reports that a topic has nothing to tell and nothing to answer for: a lapsing one past its age, or a stream that has gone.
    #[must_use]
    pub fn is_expired(&self, now: Instant) -> bool {
        match self.kind {
            TopicKind::Log => false,
            TopicKind::Latest => self.retention.lapses && !self.holds_something(now),
            TopicKind::Stream => self.entries.is_empty(),
        }
    }

    /// The place from which a reader finds the newest `count` entries.
    #[must_use]
    pub fn before_newest(&self, count: usize) -> Seq {
        let first = self.entries.len().checked_sub(count).and_then(|index| self.entries.get(index));
        first.map_or(self.evicted_through, |first| first.seq().previous())
    }

    /// The number of its newest entry, whether it is still here or not; 0 for none.
    #[must_use]
    pub fn newest(&self) -> Seq {
        self.newest
    }

    /// Every entry up to here is gone.
    #[must_use]
    pub fn evicted_through(&self) -> Seq {
        self.evicted_through
    }

    /// The index of the first entry after `seq`.
    #[must_use]
    pub fn first_after(&self, seq: Seq) -> usize {
        if self.newest <= seq {
            return self.entries.len();
        }
        self.entries.partition_point(|kept| kept.seq() <= seq)
    }

    /// The index of the first entry for which `is_before` is false; it is true for a beginning of the entries, and false behind it.
    #[must_use]
    pub fn partition_point(&self, is_before: impl FnMut(&E) -> bool) -> usize {
        self.entries.partition_point(is_before)
    }

    /// The entry of this number.
    #[must_use]
    pub fn find(&self, seq: Seq) -> Option<&E> {
        self.entries.get(self.first_after(seq.previous())).filter(|entry| entry.seq() == seq)
    }

    /// The entry of this number, to change what does not count for its retention.
    pub fn find_mut(&mut self, seq: Seq) -> Option<&mut E> {
        let index = self.first_after(seq.previous());
        self.entries.get_mut(index).filter(|entry| entry.seq() == seq)
    }

    /// Returns the number of entries up to `seq` that the topic has had since the process began.
    #[must_use]
    pub fn count_up_to(&self, seq: Seq) -> u64 {
        self.gone + self.first_after(seq) as u64
    }

    /// The entry at an index, 0 for the oldest.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&E> {
        self.entries.get(index)
    }

    /// Its entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &E> {
        self.entries.iter()
    }

    /// The number of its entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Reports that it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
