//! Publishing: an entry gets its number, is written where its topic is stored, and becomes visible.
//!
//! What is stored is written before it is visible, and a number must become visible in the order in which it is given. So a
//! number is *foreseen*: the record is written under it without the log's lock, and the entry takes its place under the
//! lock if the number is still free then. Where the disk is slow, entries that are in memory only go by meanwhile and take the number;
//! then the record is taken back and written again under one far enough ahead that they cannot reach it. So nobody waits for
//! the disk but those who publish what is stored, and they take turns.
//!
//! A process that is killed between the two writes leaves an entry that nobody got, and whose publisher got no
//! answer, under a number that others know. It is in the log after the restart; a reader who had come as far misses
//! it.

use std::{
    io,
    ops::ControlFlow,
    sync::{Arc, atomic::Ordering},
};

use broker::{IdempotencyKey, PublishError, TopicKind};
use bytes::Bytes;
use common::{Cursor, Topic};
use tokio::time::Instant;

use crate::{
    hub::Hub,
    journal::{
        Entry, Journal,
        inline::{self, InlineWrite},
        weight,
    },
    log::Log,
    publication::Publication,
    topic::{Notification, TopicState},
};

/// The sequence numbers that are left free for others while a record is written for the second time.
const AHEAD: u64 = 1 << 20;

impl Hub {
    /// Takes an entry into the log and wakes everyone who follows its topic. Where the topic is stored, it waits for
    /// the disk: tasks use [`Hub::publish_async`].
    ///
    /// # Errors
    /// When no rule allows the topic, the payload is too long, the log is full of topics, the entry cannot be stored or
    /// the hub is closing.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use common::{Epoch, Topic};
    /// use hub::{Hub, Retention, Settings, SystemClock, TopicKind, TopicPolicy};
    ///
    /// let hub = Hub::new(Settings {
    ///     clock: Arc::new(SystemClock),
    ///     epoch: Epoch(1),
    ///     policies: vec![TopicPolicy {
    ///         pattern: "chat/*".parse()?,
    ///         kind: TopicKind::Log,
    ///         retention: Retention::entries(100),
    ///     }],
    ///     publication_bytes: 1 << 20,
    ///     topics_per_subscription: 0,
    ///     topics: 100,
    ///     bytes: 1 << 24,
    /// });
    /// let topic: Topic = "chat/lobby".parse()?;
    /// let cursor = hub.publish(&topic, "{}".into())?;
    /// assert_eq!(cursor.seq.0, 1);
    /// assert_eq!(cursor, hub.head());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn publish(&self, topic: &Topic, data: Bytes) -> Result<Cursor, PublishError> {
        self.publish_once(topic, data, None)
    }

    /// [`Hub::publish`] of what may be sent again: where the topic keeps an entry with this key, its place is the answer.
    ///
    /// # Errors
    /// As for [`Hub::publish`], and when the key is that of an entry with another payload.
    pub fn publish_once(
        &self,
        topic: &Topic,
        data: Bytes,
        key: Option<IdempotencyKey>,
    ) -> Result<Cursor, PublishError> {
        let now = Instant::now();
        let mut log = self.0.log.write();
        let slot = match self.check(&mut log, topic, &data, key.as_ref(), now)? {
            ControlFlow::Continue(slot) => slot,
            ControlFlow::Break(cursor) => return Ok(cursor),
        };
        match self.0.journal.as_ref().filter(|_| log.is_stored(slot)) {
            Some(journal) => {
                drop(log);
                self.publish_stored(&mut journal.lock(), topic, &data, key.as_ref(), None)
            }
            None => {
                let entry = log.append(slot, (data, key), now).map_err(not_stored)?;
                Ok(self.published(log, slot, &entry, now))
            }
        }
    }

    /// [`Hub::publish`] for tasks: where the topic is stored and the write may not be inline ([`Hub::allow_inline_writes`]), one
    /// thread apart waits for the disk, and others who publish wait without one.
    ///
    /// The entry is taken in even if this is dropped before it is ready.
    ///
    /// # Errors
    /// As for [`Hub::publish`].
    pub async fn publish_async(&self, topic: &Topic, data: Bytes) -> Result<Cursor, PublishError> {
        self.publish_once_async(topic, data, None).await
    }

    /// [`Hub::publish_once`] for tasks, as [`Hub::publish_async`] is.
    ///
    /// # Errors
    /// As for [`Hub::publish_once`].
    pub async fn publish_once_async(
        &self,
        topic: &Topic,
        data: Bytes,
        key: Option<IdempotencyKey>,
    ) -> Result<Cursor, PublishError> {
        let stored = self.0.journal.is_some()
            && self.policy(topic).is_some_and(|(_, policy)| policy.kind == TopicKind::Log);
        if !stored {
            return self.publish_once(topic, data, key);
        }
        if let Some(published) = self.publish_inline(topic, &data, key.as_ref()) {
            return published;
        }
        let turn = Arc::clone(&self.0.turn).lock_owned().await;
        let (hub, topic) = (self.clone(), topic.clone());
        let published = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            hub.publish_once(&topic, data, key)
        });
        published.await.unwrap_or(Err(PublishError::Closed))
    }

    /// Writes inline where that is allowed and cheap, see [`crate::journal::inline`]; `None` where a thread is to do it.
    fn publish_inline(
        &self,
        topic: &Topic,
        data: &Bytes,
        key: Option<&IdempotencyKey>,
    ) -> Option<Result<Cursor, PublishError>> {
        let inline = self.0.inline.get()?;
        let _turn = self.0.turn.try_lock().ok()?;
        let mut journal = self.0.journal.as_ref()?.try_lock()?;
        if !journal.appends_cheaply(weight(topic, data.len() + IdempotencyKey::weight(key))) {
            return None;
        }
        let write = inline.begin()?;
        let checked = self.check(&mut self.0.log.write(), topic, data, key, Instant::now());
        Some(match checked {
            Ok(ControlFlow::Continue(_)) => self.publish_stored(&mut journal, topic, data, key, Some(write)),
            Ok(ControlFlow::Break(cursor)) => Ok(cursor),
            Err(error) => Err(error),
        })
    }

    /// The topic's place in the log, or that of the entry that was published with this key before.
    fn check(
        &self,
        log: &mut Log,
        topic: &Topic,
        data: &Bytes,
        key: Option<&IdempotencyKey>,
        now: Instant,
    ) -> Result<ControlFlow<Cursor, usize>, PublishError> {
        let limit = self.0.settings.publication_bytes;
        if data.len() > limit {
            return Err(PublishError::TooLong { size: data.len(), limit });
        }
        let slot = self.slot(log, topic, now)?;
        if let Some(cursor) = find_duplicate(log, slot, data, key)? {
            return Ok(ControlFlow::Break(cursor));
        }
        let weight = data.len() + IdempotencyKey::weight(key);
        match log.longest_stored(slot).filter(|&limit| weight > limit) {
            Some(limit) => Err(PublishError::TooLong { size: data.len(), limit }),
            None => Ok(ControlFlow::Continue(slot)),
        }
    }

    fn publish_stored(
        &self,
        journal: &mut Journal,
        topic: &Topic,
        data: &Bytes,
        key: Option<&IdempotencyKey>,
        inline: Option<InlineWrite<'_>>,
    ) -> Result<Cursor, PublishError> {
        self.compact(journal).map_err(not_stored)?;
        let mut ahead = 0;
        loop {
            let now = Instant::now();
            let (seq, inherited) = {
                let mut log = self.0.log.write();
                let slot = self.slot(&mut log, topic, now)?;
                // Another may have sent the same while this waited for the journal, whose lock is held from here on.
                if let Some(cursor) = find_duplicate(&log, slot, data, key)? {
                    return Ok(cursor);
                }
                log.propose_seq(slot, ahead)
            };
            let at_ms = self.0.settings.clock.unix_millis();
            let segment = journal
                .sync_state()
                .reserve_seq(seq)
                .and_then(|()| inherited.map_or(Ok(()), |seq| journal.note_evicted(topic, seq)))
                .and_then(|()| journal.write(Entry { topic, seq, at_ms, data, key }))
                .map_err(not_stored)?;
            let mut log = self.0.log.write();
            let entry = self.slot(&mut log, topic, now).map(|slot| {
                let entry = log.commit(slot, seq, (data.clone(), key.cloned()), now, segment);
                entry.map(|entry| (slot, entry))
            });
            match entry {
                Ok(Some((slot, entry))) => {
                    // To wake readers takes its time, too, and is no fault of the disk.
                    drop(inline);
                    return Ok(self.published(log, slot, &entry, Instant::now()));
                }
                Ok(None) => ahead = AHEAD,
                Err(error) => {
                    drop(log);
                    journal.retract();
                    return Err(error);
                }
            }
            drop(log);
            journal.retract();
        }
    }

    /// The topic's place in the log, made if there is none yet.
    fn slot(&self, log: &mut Log, topic: &Topic, now: Instant) -> Result<usize, PublishError> {
        // Under the lock that closing takes too: nothing follows the bye.
        if self.0.closed.load(Ordering::Acquire) {
            return Err(PublishError::Closed);
        }
        if let Some(known) = log.find(topic.as_str()) {
            return Ok(known.state.slot);
        }
        let settings = &self.0.settings;
        let policy = self.policy(topic).ok_or_else(|| PublishError::UnknownTopic(topic.clone()))?;
        if !log.has_room(policy, settings.topics, now) {
            return Err(PublishError::TooManyTopics(policy.1.retention.quota.most(settings.topics)));
        }
        Ok(log.declare(topic, policy))
    }

    /// The entry is in the log: the log keeps within its bound, and readers are woken.
    fn published(
        &self,
        mut log: parking_lot::RwLockWriteGuard<'_, Log>,
        slot: usize,
        entry: &Publication,
        now: Instant,
    ) -> Cursor {
        let state: Arc<TopicState> = Arc::clone(&log.topic(slot).state);
        log.keep_within(self.0.settings.bytes);
        drop(log);
        self.stats().published();
        match state.notify(entry.cursor.seq, now, self.0.wake_coalescer.coalescing().as_ref()) {
            Notification::Pending => return entry.cursor,
            Notification::Done => {}
            Notification::DueAt(at) => self.0.wake_coalescer.add(at, state),
        }
        inline::note_woken();
        entry.cursor
    }

    /// Compacts while there are too many segments. Usually that is one, once in a segment. If all of its entries are
    /// live, the next publication compacts the next segment, so that no publication waits long. Only a journal that
    /// would outgrow its bound compacts several at once, and each of them once at most.
    fn compact(&self, journal: &mut Journal) -> io::Result<()> {
        if journal.over() == 0 {
            return Ok(());
        }
        for _ in 0..journal.segments() {
            self.compact_oldest(journal)?;
            if journal.over() <= 1 {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn enforce_segment_limit(&self) -> io::Result<()> {
        self.0.journal.as_ref().map_or(Ok(()), |journal| self.compact(&mut journal.lock()))
    }

    /// Takes the oldest segment away if nothing in it lives any more. To be called now and then.
    pub(crate) fn sweep_journal(&self) -> io::Result<()> {
        // A publisher compacts as well when there is need.
        let Some(mut journal) = self.0.journal.as_ref().and_then(|journal| journal.try_lock()) else {
            return Ok(());
        };
        if self.0.closed.load(Ordering::Acquire) {
            // The journal is ended: nothing more will be written.
            return Ok(());
        }
        let Some((oldest, listed)) = journal.oldest() else { return Ok(()) };
        if self.with_log(|log| log.has_live_entries_in(oldest, listed)) {
            return Ok(());
        }
        self.compact_oldest(&mut journal)
    }

    /// Writes what lives in the oldest segment behind the newest records, and takes the segment away.
    fn compact_oldest(&self, journal: &mut Journal) -> io::Result<()> {
        let Some((oldest, listed)) = journal.oldest() else { return Ok(()) };
        let live = self.with_log(|log| log.live_entries_in(oldest, listed));
        let relocated = live.write(journal, &*self.0.settings.clock)?;
        let mut log = self.0.log.write();
        relocated.iter().for_each(|(name, to)| log.relocated(name, to));
        drop(log);
        journal.drop_oldest();
        Ok(())
    }
}

/// The place of the entry that was published with this key before.
fn find_duplicate(
    log: &Log,
    slot: usize,
    data: &Bytes,
    key: Option<&IdempotencyKey>,
) -> Result<Option<Cursor>, PublishError> {
    match key.and_then(|key| log.topic(slot).keyed(key)) {
        Some(entry) if entry.data == data => Ok(Some(entry.cursor)),
        Some(_) => Err(PublishError::KeyReused),
        None => Ok(None),
    }
}

fn not_stored(error: io::Error) -> PublishError {
    PublishError::NotStored(error.kind())
}
