//! The hot entries of one topic.

use std::sync::Arc;

use broker::{Retained, RetainedEntry, Retention, TopicKind};
use common::{Cursor, Seq};
use tokio::time::Instant;

use crate::{publication::Publication, topic::TopicState};

/// The hot entries of one topic. Their order and the positions of readers are *places*: numbers of this process. They are the log's own
/// numbers where it has one numbering.
#[derive(Debug)]
pub(crate) struct TopicLog {
    pub(crate) state: Arc<TopicState>,
    entries: Retained<HotEntry>,
    /// Which of the rules it is made by.
    pub(super) family: usize,
    /// The number in the log, in the topic's own numbering, up to which all entries are gone.
    evicted_number: Seq,
    /// True if values of `Latest` topics are numbered apart.
    is_apart: bool,
}

#[derive(Debug)]
struct HotEntry(Arc<Publication>);

impl RetainedEntry for HotEntry {
    fn seq(&self) -> Seq {
        self.0.place
    }

    fn taken_at(&self) -> Instant {
        self.0.taken_at
    }

    fn weight(&self) -> usize {
        self.0.data.len()
    }
}

impl TopicLog {
    /// Makes a topic that has lost everything up to `evicted_through`.
    pub(super) fn new(
        state: Arc<TopicState>,
        retention: Retention,
        family: usize,
        lost: (Seq, Seq),
        numbers_latest_apart: bool,
    ) -> Self {
        let (evicted_through, evicted_number) = lost;
        let is_apart = numbers_latest_apart && state.kind == TopicKind::Latest;
        Self {
            entries: Retained::new(state.kind, retention, evicted_through),
            state,
            family,
            evicted_number,
            is_apart,
        }
    }

    /// A place's number in this topic's numbering.
    pub(crate) fn number(&self, cursor: Cursor) -> Seq {
        if self.is_apart { cursor.latest } else { cursor.seq }
    }

    pub(super) fn push(&mut self, entry: Arc<Publication>) {
        self.entries.push(HotEntry(entry));
    }

    pub(super) fn evict(&mut self, now: Instant) {
        let (mut gone, is_apart) = (None, self.is_apart);
        self.entries.evict(now, |entry| gone = Some(entry.0.cursor));
        self.note_gone(gone, is_apart);
    }

    /// Drops the oldest until at most `limit` bytes are left.
    pub(super) fn shrink(&mut self, limit: usize) {
        let (mut gone, is_apart) = (None, self.is_apart);
        self.entries.shrink(|entries| entries.bytes() > limit, |entry| gone = Some(entry.0.cursor));
        self.note_gone(gone, is_apart);
    }

    fn note_gone(&mut self, gone: Option<Cursor>, is_apart: bool) {
        if let Some(cursor) = gone {
            self.evicted_number = if is_apart { cursor.latest } else { cursor.seq };
        }
    }

    /// Everything up to `through` is gone from the log itself; `hole` is the place of what this process was never told of it.
    pub(super) fn evict_through(&mut self, through: Cursor, hole: Option<Seq>, numbers_latest_apart: bool) {
        let number = self.number(through);
        self.evicted_number = self.evicted_number.max(number);
        let last = self.first_after_number(number).checked_sub(1).and_then(|index| self.entries.get(index));
        let place = match (hole, last) {
            (Some(hole), _) => hole,
            (None, Some(last)) => last.0.place,
            // With one numbering it is a place itself, of an entry that this process never had.
            (None, None) if !numbers_latest_apart => number,
            (None, None) => return,
        };
        self.entries.evict_through(place);
    }

    /// Drops everything that it holds.
    pub(super) fn drop_all(&mut self) {
        let (newest, is_apart) = (self.entries.newest(), self.is_apart);
        let gone = self.entries.evict_through(newest).last().map(|entry| entry.0.cursor);
        self.note_gone(gone, is_apart);
    }

    /// The bytes of payload that are left after a place.
    pub(crate) fn bytes_after(&self, place: Seq) -> usize {
        (self.first_after(place)..self.len())
            .filter_map(|index| self.entry(index))
            .map(|entry| entry.data.len())
            .sum()
    }

    /// Drops everything: a new life of the log begins.
    pub(super) fn clear(&mut self) {
        self.entries.evict_through(self.entries.newest());
        self.evicted_number = Seq::START;
    }

    /// Reports that an entry may be evicted.
    pub(super) fn can_shrink(&self) -> bool {
        self.entries.can_shrink()
    }

    pub(super) fn retention(&self) -> &Retention {
        self.entries.retention()
    }

    /// The bytes of its payloads.
    pub(super) fn bytes(&self) -> usize {
        self.entries.bytes()
    }

    pub(super) fn holds_something(&self, now: Instant) -> bool {
        self.entries.holds_something(now)
    }

    pub(super) fn is_expired(&self, now: Instant) -> bool {
        self.entries.is_expired(now)
    }

    /// The place and the number up to which readers have lost entries who come to a topic that is forgotten. Older values of a `Latest`
    /// topic are no loss, and of a stream they are told that it is gone.
    pub(super) fn lost_up_to(&self) -> (Seq, Seq) {
        match self.state.kind {
            TopicKind::Latest | TopicKind::Stream => (Seq::START, Seq::START),
            TopicKind::Log => (self.entries.evicted_through(), self.evicted_number),
        }
    }

    /// Returns the number of newest entries that a snapshot begins with.
    pub(crate) fn snapshot(&self) -> usize {
        self.entries.retention().snapshot
    }

    pub(crate) fn before_newest(&self, count: usize) -> Seq {
        self.entries.before_newest(count)
    }

    pub(crate) fn newest(&self) -> Seq {
        self.entries.newest()
    }

    pub(crate) fn evicted_through(&self) -> Seq {
        self.entries.evicted_through()
    }

    /// Every entry up to this number of the log is gone.
    pub(crate) fn evicted_number(&self) -> Seq {
        self.evicted_number
    }

    pub(crate) fn first_after(&self, place: Seq) -> usize {
        self.entries.first_after(place)
    }

    /// The index of the first entry whose number is greater.
    pub(crate) fn first_after_number(&self, number: Seq) -> usize {
        self.entries.partition_point(|kept| self.number(kept.0.cursor) <= number)
    }

    pub(crate) fn count_up_to(&self, place: Seq) -> u64 {
        self.entries.count_up_to(place)
    }

    pub(crate) fn entry(&self, index: usize) -> Option<&Arc<Publication>> {
        self.entries.get(index).map(|kept| &kept.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
