//! Publishing to `Log` topics: once, and tried again while the servers choose a leader.

use std::{sync::Arc, time::Duration};

use async_nats::{HeaderMap, jetstream::message::StreamMessage};
use broker::{IdempotencyKey, NewEntry, PublishError, Published};
use common::{Cursor, Seq};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    api::{self, ApiError, MessageAt, Stored, code},
    message::{self, EXPECTED_HEADER, ID_HEADER, STREAM_HEADER},
    shared::{ROOM_KIB, Shared},
    subjects::SubjectKind,
};

/// The time between two attempts.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(150);
/// The time for which an attempt waits for a connection that is known to be down.
const WITHOUT_CONNECTION: Duration = Duration::from_secs(2);
/// The time after which a publisher is told to try again.
const RETRY: Duration = Duration::from_secs(2);
/// Bytes of a message that our headers may take, beside its key.
pub(crate) const HEADER_ROOM: usize = 512;

const UNAVAILABLE: PublishError = PublishError::Unavailable { retry: RETRY };

/// Publishes an entry. It may run in a task of its own, so that it does not end with who asked.
pub(crate) async fn publish(shared: Arc<Shared>, new: NewEntry) -> Result<Published, PublishError> {
    let limit = shared.connection.client.max_payload().saturating_sub(HEADER_ROOM);
    if new.data.len() > limit {
        return Err(PublishError::TooLong { size: new.data.len(), limit });
    }
    let weight = (new.data.len() / 1024 + 1).min(ROOM_KIB);
    let _room = shared.room.try_acquire_many(u32::try_from(weight).unwrap_or(1)).map_err(|_| UNAVAILABLE)?;
    tokio::select! {
        biased;
        () = shared.closing() => Err(PublishError::Closed),
        published = Publication::new(&shared, &new).run() => published,
    }
}

/// A publication under way.
struct Publication<'a> {
    shared: &'a Shared,
    new: &'a NewEntry,
    origin: String,
    /// An entry that had the key once and is gone: the server remembers its id still.
    gone: Option<u64>,
    attempts: u32,
}

/// The outcome of an attempt.
enum Attempt {
    Done(Result<Published, PublishError>),
    Again(ApiError),
}

impl<'a> Publication<'a> {
    fn new(shared: &'a Shared, new: &'a NewEntry) -> Self {
        Self { shared, new, origin: shared.new_origin(), gone: None, attempts: 0 }
    }

    async fn run(mut self) -> Result<Published, PublishError> {
        let started = Instant::now();
        let mut up_at = started;
        loop {
            if self.shared.connection.is_up() {
                up_at = Instant::now();
                match self.attempt().await {
                    Attempt::Done(done) => return done,
                    Attempt::Again(error) => {
                        tracing::debug!(%error, topic = %self.new.topic, "a publication is tried again");
                    }
                }
            } else if up_at.elapsed() >= WITHOUT_CONNECTION {
                return Err(UNAVAILABLE);
            }
            if started.elapsed() >= self.shared.settings.publish_timeout {
                return Err(UNAVAILABLE);
            }
            sleep(BETWEEN_ATTEMPTS).await;
        }
    }

    async fn attempt(&mut self) -> Attempt {
        match self.try_once().await {
            Ok(Some(published)) => Attempt::Done(published),
            // The id is another one now.
            Ok(None) => Attempt::Again(ApiError::Other("the entry with this key is gone".to_owned())),
            Err(ApiError::TooLong) => Attempt::Done(Err(PublishError::TooLong {
                size: self.new.data.len(),
                limit: self.shared.connection.client.max_payload(),
            })),
            Err(error) if error.is_full() => {
                Attempt::Done(Err(PublishError::NotStored(std::io::ErrorKind::StorageFull)))
            }
            Err(error) => Attempt::Again(error),
        }
    }

    async fn try_once(&mut self) -> Result<Option<Result<Published, PublishError>>, ApiError> {
        let key = self.new.key.as_ref();
        // The server forgets ids after a while; what this node has read it knows for as long as it is kept.
        let found = key.and_then(|key| self.shared.index.lock().find(&self.new.topic, key));
        if let (Some(key), Some(seq)) = (key, found)
            && let Some(kept) = self.kept(key, seq).await?
        {
            return Ok(Some(self.duplicate(&kept)));
        }
        let first = self.attempts == 0;
        self.attempts += 1;
        let subject = self.shared.names.subject(SubjectKind::Entry, &self.new.topic);
        match api::store(&self.shared.connection.client, subject, self.headers(), self.new.data.clone()).await
        {
            Ok(Stored { seq, duplicate: false }) => self.stored(seq).await.map(Some),
            Ok(Stored { seq, duplicate: true }) => match key {
                // The id is random: an attempt before this one arrived.
                None => self.stored(seq).await.map(Some),
                Some(key) => match self.kept(key, seq).await? {
                    Some(kept) => Ok(Some(self.duplicate(&kept))),
                    None => {
                        self.gone = Some(seq);
                        Ok(None)
                    }
                },
            },
            Err(error) if error.is(code::WRONG_LAST_SEQUENCE) => self.conflict(first).await.map(Some),
            Err(error) => Err(error),
        }
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = self.shared.stamp(&self.new.topic, &self.origin).headers();
        let id = match &self.new.key {
            Some(key) => message::message_id(&self.new.topic, key, self.gone),
            None => self.origin.clone(),
        };
        headers.insert(ID_HEADER, id);
        headers.insert(STREAM_HEADER, self.shared.names.log.as_str());
        if let Some(expected) = self.new.expected {
            headers.insert(EXPECTED_HEADER, expected.0.to_string());
        }
        headers
    }

    /// Returns the entry with this number if it has the key.
    async fn kept(&self, key: &IdempotencyKey, seq: u64) -> Result<Option<StreamMessage>, ApiError> {
        let shared = self.shared;
        let message = api::read(&shared.connection.context, &shared.names.log, &MessageAt::Seq(seq)).await?;
        Ok(message.filter(|message| {
            message::decode(&shared.names, &message.subject, Some(&message.headers))
                .is_ok_and(|decoded| decoded.topic == self.new.topic && decoded.key.as_ref() == Some(key))
        }))
    }

    /// The answer where an entry with the key is there.
    fn duplicate(&self, kept: &StreamMessage) -> Result<Published, PublishError> {
        if self.new.same_payload && kept.payload != self.new.data {
            return Err(PublishError::KeyReused);
        }
        Ok(Published { cursor: self.place(kept.sequence), duplicate: !self.is_ours(kept) })
    }

    /// The server refuses what expects another newest entry, even where an attempt of ours made it the newest (from 2.12 on).
    async fn conflict(&self, first: bool) -> Result<Result<Published, PublishError>, ApiError> {
        let shared = self.shared;
        let subject = shared.names.subject(SubjectKind::Entry, &self.new.topic);
        let (context, stream) = (&shared.connection.context, shared.names.log.as_str());
        let after = self.new.expected.map_or(0, |expected| expected.0) + 1;
        if let Some(next) = api::read_next(context, stream, after, &subject).await? {
            let has_key = self.new.key.as_ref().is_some_and(|key| {
                message::decode(&shared.names, &next.subject, Some(&next.headers))
                    .is_ok_and(|decoded| decoded.key.as_ref() == Some(key))
            });
            if has_key || (!first && self.is_ours(&next)) {
                return Ok(self.duplicate(&next));
            }
        }
        let newest = api::read(context, stream, &MessageAt::LastOf(subject)).await?;
        Ok(Err(PublishError::Conflict { newest: Seq(newest.map_or(0, |newest| newest.sequence)) }))
    }

    /// True if the message comes from this very call.
    fn is_ours(&self, message: &StreamMessage) -> bool {
        message::decode(&self.shared.names, &message.subject, Some(&message.headers))
            .is_ok_and(|decoded| decoded.origin == self.origin)
    }

    /// The answer for a new entry. A number that was told already belongs to an earlier life, whose end this node has not noticed: it
    /// looks, and answers with the new life's epoch.
    async fn stored(&self, seq: u64) -> Result<Result<Published, PublishError>, ApiError> {
        let head = self.shared.head();
        // An attempt before may have been read already.
        if seq <= head.seq.0 && self.attempts == 1 && self.read_other(seq) {
            self.shared.look_again.notify_one();
            let mut told = self.shared.told.subscribe();
            let new_life = told.wait_for(|told| told.cursor.epoch != head.epoch);
            if timeout(api::REQUEST_TIMEOUT, new_life).await.is_err() {
                return Ok(Err(UNAVAILABLE));
            }
        }
        self.shared.note_handed_out(Seq(seq));
        Ok(Ok(Published { cursor: self.place(seq), duplicate: false }))
    }

    /// True if this node has read another entry under this number, or none.
    fn read_other(&self, seq: u64) -> bool {
        let index = self.shared.index.lock();
        let read = index.topic(&self.new.topic);
        read.is_none_or(|topic| topic.entries.binary_search_by_key(&seq, |entry| entry.seq).is_err())
    }

    fn place(&self, seq: u64) -> Cursor {
        Cursor::new(self.shared.head().epoch, Seq(seq))
    }
}
