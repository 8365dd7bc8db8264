//! The reader: the one task that tells the subscriber what the streams hold, in their order.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use broker::{BrokerError, Entry, PublishError, Subscriber};
use bytes::Bytes;
use common::{Cursor, Seq};
use tokio::time::{Instant, sleep};

use crate::{
    api,
    attach::{Attached, attach, tell_all_lost},
    consumer::{Delivered, Delivery},
    index::LogIndex,
    message::{self, Decoded, ForeignMessage},
    retention,
    shared::Shared,
    streams,
    subjects::SubjectKind,
};

const BETWEEN_ATTACHMENTS: Duration = Duration::from_millis(250);
/// One line for so many messages that are skipped, at least.
const SKIPS_A_LINE: u64 = 1000;

/// Reads until the broker is closed.
pub(crate) async fn run(shared: Arc<Shared>, subscriber: Arc<dyn Subscriber>) {
    let reader = Reader { shared: &shared, subscriber: subscriber.as_ref() };
    tokio::select! {
        biased;
        () = shared.closing() => {}
        () = reader.read() => {}
    }
}

struct Reader<'a> {
    shared: &'a Shared,
    subscriber: &'a dyn Subscriber,
}

/// The reason for which the reader attaches again.
enum Detached {
    /// Something is broken.
    Broken(String),
    /// There may be news: a connection, a life of the log.
    News,
}

impl Reader<'_> {
    async fn read(&self) {
        loop {
            // A connection that is made from here on may bring news.
            let mut made = self.shared.connection.made.clone();
            made.mark_unchanged();
            match attach(self.shared, self.subscriber).await {
                Ok(attached) => {
                    *self.shared.trouble.lock() = None;
                    // Values on their way when the last consumer broke may be lost.
                    self.shared.outbox.resend_late();
                    match self.follow(attached, &mut made).await {
                        Detached::News => continue,
                        Detached::Broken(why) => self.note_trouble(why),
                    }
                }
                Err(BrokerError::Unavailable(why) | BrokerError::Unusable(why)) => self.note_trouble(why),
                Err(error) => self.note_trouble(error.to_string()),
            }
            tokio::select! {
                () = sleep(BETWEEN_ATTACHMENTS) => {}
                _ = made.changed() => {}
            }
        }
    }

    fn note_trouble(&self, why: String) {
        let mut trouble = self.shared.trouble.lock();
        if trouble.as_ref() != Some(&why) {
            tracing::warn!("the log at NATS: {why}");
        }
        *trouble = Some(why);
    }

    /// Tells what comes until a consumer breaks.
    async fn follow(&self, attached: Attached, made: &mut tokio::sync::watch::Receiver<u64>) -> Detached {
        let Attached { mut log, mut latest, mut log_end, log_is_empty, mut latest_end, mut drops_from } =
            attached;
        if log_is_empty {
            self.log_is_read(&mut log_end);
        }
        if let Err(why) = self.note_ends(log_end, latest_end, &mut drops_from).await {
            return Detached::Broken(why);
        }
        loop {
            tokio::select! {
                delivery = log.next() => match delivery {
                    Delivery::Message(delivered) => {
                        self.shared.server_clock.note(delivered.unix_millis);
                        let has_hole = delivered.seq > self.shared.head().seq.0 + 1;
                        if has_hole && self.shared.told.borrow().ready
                            && let Err(why) = self.tell_dropped(&mut drops_from, delivered.seq).await
                        {
                            return Detached::Broken(why);
                        }
                        self.tell_log(&delivered);
                        if log_end.is_some_and(|end| delivered.seq >= end) {
                            log_end = None;
                        }
                    }
                    Delivery::Idle if log_end.is_some() && self.nothing_follows().await => self.log_is_read(&mut log_end),
                    Delivery::Idle => {}
                    Delivery::Broken(why) => return Detached::Broken(format!("the consumer of the stream {} broke: {why}", self.shared.names.log)),
                },
                delivery = latest.next() => match delivery {
                    Delivery::Message(delivered) => {
                        self.shared.server_clock.note(delivered.unix_millis);
                        self.tell_latest(&delivered);
                        if delivered.pending == 0 || latest_end.is_some_and(|end| delivered.seq >= end) {
                            latest_end = None;
                        }
                    }
                    Delivery::Idle => latest_end = None,
                    Delivery::Broken(why) => return Detached::Broken(format!("the consumer of the stream {} broke: {why}", self.shared.names.latest)),
                },
                () = self.shared.look_again.notified() => return Detached::News,
                _ = made.changed() => return Detached::News,
            }
            if let Err(why) = self.note_ends(log_end, latest_end, &mut drops_from).await {
                return Detached::Broken(why);
            }
        }
    }

    /// Looks whether the server has dropped entries before `next` since it was looked at last, and tells of that. A consumer goes on behind
    /// them without a word: one that was out of reach for a while, or is slower than the publishers.
    async fn tell_dropped(&self, drops_from: &mut Option<u64>, next: u64) -> Result<(), String> {
        let Some(seen) = drops_from else { return Ok(()) };
        let stream = &self.shared.names.log;
        let info = streams::info(&self.shared.connection.context, stream).await;
        let info = info.map_err(|error| format!("the stream {stream} cannot be looked at: {error}"))?;
        let first =
            info.ok_or_else(|| format!("the stream {stream} is gone"))?.state.first_sequence.min(next);
        if first > *seen {
            *seen = first;
            tell_all_lost(self.shared, self.subscriber, first - 1);
        }
        Ok(())
    }

    /// Takes note of what is read to its end.
    async fn note_ends(
        &self,
        log_end: Option<u64>,
        latest_end: Option<u64>,
        drops_from: &mut Option<u64>,
    ) -> Result<(), String> {
        if log_end.is_none() && latest_end.is_none() && !self.shared.told.borrow().ready {
            self.tell_dropped(drops_from, self.shared.head().seq.0 + 1).await?;
            let (hole, lost) = {
                let mut index = self.shared.index.lock();
                let may_have =
                    |topic: &_, entries: &_| retention::may_have_trimmed(self.shared, topic, entries);
                (index.hole(), index.settle_doubts(may_have))
            };
            let head = self.shared.head();
            for (topic, through) in lost {
                self.subscriber.evicted(&topic, Cursor { seq: through, ..head });
            }
            if hole > Seq::START {
                self.subscriber.forgotten(hole);
            }
            self.shared.told.send_modify(|told| told.ready = true);
        }
        Ok(())
    }

    /// Asks whether the stream has nothing behind what was told. What a consumer says of that was seen to be wrong.
    async fn nothing_follows(&self) -> bool {
        let after = self.shared.head().seq.0 + 1;
        let context = &self.shared.connection.context;
        matches!(api::read_next(context, &self.shared.names.log, after, ">").await, Ok(None))
    }

    /// The stream has nothing more up to `end`: the numbers up to there that did not come are missing.
    fn log_is_read(&self, end: &mut Option<u64>) {
        let Some(end) = end.take() else { return };
        self.shared.index.lock().pass_end(end);
        self.shared.told.send_modify(|told| told.cursor.seq = told.cursor.seq.max(Seq(end)));
    }

    fn tell_log(&self, delivered: &Delivered) {
        let head = self.shared.head();
        if delivered.seq <= head.seq.0 {
            return;
        }
        let place = Cursor { seq: Seq(delivered.seq), ..head };
        let decoded = self.decode(delivered);
        // Under one lock: a publication's stamp says which entries this node had read, of all topics and of its own.
        let (hole, evicted) = {
            let mut index = self.shared.index.lock();
            let before = index.hole();
            index.pass(delivered.seq);
            let evicted = decoded.as_ref().and_then(|decoded| self.index(&mut index, decoded, delivered));
            ((index.hole() > before).then(|| index.hole()), evicted)
        };
        if let Some(decoded) = decoded {
            if let Some(through) = evicted {
                self.subscriber.evicted(&decoded.topic, Cursor { seq: through, ..head });
            }
            if decoded.kind == SubjectKind::Entry {
                self.append(place, decoded, delivered);
            }
        }
        if let Some(hole) = hole
            && self.shared.told.borrow().ready
        {
            self.subscriber.forgotten(hole);
        }
        self.shared.told.send_modify(|told| told.cursor = place);
    }

    /// Takes a message of the log into the index. Returns the end of what its topic has lost, if that is news.
    fn index(&self, index: &mut LogIndex, decoded: &Decoded, delivered: &Delivered) -> Option<Seq> {
        match decoded.kind {
            SubjectKind::Entry => {
                let size = delivered.message.payload.len();
                let evicted = index.take(delivered.seq, decoded, size, delivered.unix_millis);
                index.note_owner(&decoded.topic, self.shared.own_number(&decoded.origin).is_some());
                evicted
            }
            SubjectKind::Removal => {
                index.trim(&decoded.topic, delivered.seq);
                // The note itself is no entry that anyone has missed.
                Some(self.shared.head().seq)
            }
            SubjectKind::Value => None,
        }
    }

    fn tell_latest(&self, delivered: &Delivered) {
        let head = self.shared.head();
        if delivered.seq <= head.latest.0 {
            return;
        }
        let place = Cursor { latest: Seq(delivered.seq), ..head };
        if let Some(decoded) = self.decode(delivered) {
            match self.shared.own_number(&decoded.origin) {
                Some(number) => self.shared.outbox.confirm(&decoded.topic, number),
                None => self.shared.outbox.supersede(&decoded.topic),
            }
            self.append(place, decoded, delivered);
        }
        self.shared.told.send_modify(|told| told.cursor = place);
    }

    fn append(&self, cursor: Cursor, decoded: Decoded, delivered: &Delivered) {
        let entry = Entry {
            cursor,
            topic: decoded.topic,
            data: Bytes::clone(&delivered.message.payload),
            key: decoded.key,
            taken_at: self.taken_at(delivered.unix_millis),
        };
        match self.subscriber.append(entry) {
            Ok(appended) => self.subscriber.wake(appended),
            Err(PublishError::Closed) => {}
            Err(error) => self.skip(delivered, &error.to_string()),
        }
    }

    fn taken_at(&self, unix_millis: u64) -> Instant {
        let now = Instant::now();
        now.checked_sub(self.shared.age(unix_millis)).unwrap_or(now)
    }

    fn decode(&self, delivered: &Delivered) -> Option<Decoded> {
        let message = &delivered.message;
        message::decode(&self.shared.names, &message.subject, message.headers.as_ref())
            .inspect_err(|error: &ForeignMessage| self.skip(delivered, &error.to_string()))
            .ok()
            .map(|decoded| decoded.before(Seq(delivered.seq)))
    }

    fn skip(&self, delivered: &Delivered, why: &str) {
        let skipped = self.shared.skipped.fetch_add(1, Relaxed);
        if skipped.is_multiple_of(SKIPS_A_LINE) {
            let subject = delivered.message.subject.as_str();
            tracing::warn!(
                subject,
                seq = delivered.seq,
                skipped = skipped + 1,
                "a message at NATS is skipped: {why}"
            );
        }
    }
}
