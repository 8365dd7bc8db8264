//! Publishing: an entry gets its number, is written where its topic is stored, and becomes visible.
//!
//! What is stored is written before it is visible, and a number must become visible in the order in which it is given. So a
//! number is *foreseen*: the record is written under it without the order's lock, and the entry takes its place under the
//! lock if the number is still free then. Where the disk is slow, entries that are in memory only go by meanwhile and take the number;
//! then the record is taken back and written again under one far enough ahead that they cannot reach it. So nobody waits for
//! the disk but those who publish what is stored, and they take turns.
//!
//! A process that is killed between the two writes leaves an entry that nobody got, and whose publisher got no
//! answer, under a number that others know. It is in the log after the restart; a reader who had come as far misses
//! it.

use std::{io, ops::ControlFlow, sync::Arc};

use broker::{IdempotencyKey, NewEntry, PublishError, Published, TopicKind};
use tokio::time::Instant;

use crate::{
    compact::compact,
    inline::{self, InlineWrite},
    journal_broker::JournalBroker,
    segments::{Entry, Journal, weight},
    state::Inner,
};

/// The sequence numbers that are left free for others while a record is written for the second time: more than come by within a wait
/// for a disk, and few of a block, since to reserve one is another wait.
const AHEAD: u64 = 1 << 14;
/// The numbers left free where even those were passed.
const FURTHER: u64 = 1 << 20;

impl JournalBroker {
    /// Publishes on the thread that calls, which waits for the disk where the topic is stored.
    pub(crate) fn publish_here(&self, new: &NewEntry) -> Result<Published, PublishError> {
        match new.kind {
            TopicKind::Latest | TopicKind::Stream => self.0.publish_in_memory(new),
            TopicKind::Log => {
                if let ControlFlow::Break(published) = self.0.check(new)? {
                    return Ok(published);
                }
                let mut journal = self.0.journal.lock();
                let began = Instant::now();
                let published = self.0.publish_stored(&mut journal, new, None);
                if let Some(inline) = self.0.inline.get() {
                    inline.note_apart(began.elapsed());
                }
                published
            }
        }
    }

    /// Publishes from a task: where the topic is stored and the write may not be inline, one thread apart waits for the disk, and
    /// others who publish wait without one.
    pub(crate) async fn publish_apart(self, new: NewEntry) -> Result<Published, PublishError> {
        let turn = Arc::clone(&self.0.turn).lock_owned().await;
        let published = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            self.publish_here(&new)
        });
        published.await.unwrap_or(Err(PublishError::Closed))
    }
}

impl Inner {
    /// Looks whether a publication is to be taken in, before anything is written.
    fn check(&self, new: &NewEntry) -> Result<ControlFlow<Published>, PublishError> {
        if let flow @ ControlFlow::Break(_) = self.order.lock().check(new)? {
            return Ok(flow);
        }
        let limit = self.longest.saturating_sub(weight(&new.topic, 0));
        if new.data.len() + IdempotencyKey::weight(new.key.as_ref()) > limit {
            return Err(PublishError::TooLong { size: new.data.len(), limit });
        }
        Ok(ControlFlow::Continue(()))
    }

    fn publish_in_memory(&self, new: &NewEntry) -> Result<Published, PublishError> {
        let mut order = self.order.lock();
        if let ControlFlow::Break(published) = order.check(new)? {
            return Ok(published);
        }
        let seq = order.propose(0);
        self.sync_state.reserve_seq(seq).map_err(not_stored)?;
        let unannounced = order.commit(new, seq, 0, Instant::now())?;
        drop(order);
        let unannounced = unannounced.expect("the number was proposed under the same lock");
        let published = unannounced.announce();
        inline::note_woken();
        Ok(published)
    }

    /// Writes inline where that is allowed and cheap, see [`crate::inline`]; `None` where a thread is to do it.
    pub(crate) fn publish_inline(&self, new: &NewEntry) -> Option<Result<Published, PublishError>> {
        let inline = self.inline.get()?;
        let _turn = self.turn.try_lock().ok()?;
        let mut journal = self.journal.try_lock()?;
        if !journal
            .appends_cheaply(weight(&new.topic, new.data.len() + IdempotencyKey::weight(new.key.as_ref())))
        {
            return None;
        }
        let write = inline.begin()?;
        Some(match self.check(new) {
            Ok(ControlFlow::Continue(())) => self.publish_stored(&mut journal, new, Some(write)),
            Ok(ControlFlow::Break(published)) => Ok(published),
            Err(error) => Err(error),
        })
    }

    fn publish_stored(
        &self,
        journal: &mut Journal,
        new: &NewEntry,
        inline: Option<InlineWrite<'_>>,
    ) -> Result<Published, PublishError> {
        compact(self, journal).map_err(not_stored)?;
        let NewEntry { topic, data, key, .. } = new;
        let mut ahead = 0;
        loop {
            let now = Instant::now();
            let (seq, inherited) = {
                let order = self.order.lock();
                // Another may have sent the same while this waited for the journal, whose lock is held from here on.
                if let ControlFlow::Break(published) = order.check(new)? {
                    return Ok(published);
                }
                (order.propose(ahead), order.index.inherited_loss(topic))
            };
            let at_ms = self.settings.clock.unix_millis();
            let segment = self
                .sync_state
                .reserve_seq(seq)
                .and_then(|()| inherited.map_or(Ok(()), |seq| journal.note_evicted(topic, seq)))
                .and_then(|()| journal.write(Entry { topic, seq, at_ms, data, key: key.as_ref() }))
                .map_err(not_stored)?;
            let committed = self.order.lock().commit(new, seq, segment, now);
            match committed {
                Ok(Some(unannounced)) => {
                    // To wake readers takes its time, too, and is no fault of the disk.
                    drop(inline);
                    let published = unannounced.announce();
                    inline::note_woken();
                    return Ok(published);
                }
                Ok(None) => ahead = if ahead == 0 { AHEAD } else { FURTHER },
                Err(error) => {
                    journal.retract();
                    return Err(error);
                }
            }
            journal.retract();
        }
    }
}

fn not_stored(error: io::Error) -> PublishError {
    PublishError::NotStored(error.kind())
}
