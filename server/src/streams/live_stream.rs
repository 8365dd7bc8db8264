//! One stream that lives, or has ended a moment ago.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use common::{
    Topic,
    stream::{
        STREAM_NEWS, StreamChange, StreamEnd, StreamEndReason, StreamEntry, StreamId, StreamNews,
        StreamStatus,
    },
};
use fanout::{Hub, StreamReaders};
use parking_lot::Mutex;
use serde::Serialize;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::error::StreamError;

/// Items are put into entries of about so many bytes: enough to be cheap, and few enough that a slow line shows the first ones soon.
const ENTRY_BYTES: usize = 16 << 10;
/// The most bytes of an entry beside its items.
const AROUND: usize = 64;
/// The bytes that may wait for the reader who is furthest. It is half of what is kept ([`super::retention`]).
pub(super) const WINDOW: usize = 512 << 10;
/// A program that writes waits so long for readers who lag; then it goes on, and they are told what they miss.
const PATIENCE: Duration = Duration::from_secs(10);

/// The purpose of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamPurpose {
    /// A program tells it to whoever reads. It waits for readers, but not for long.
    Program,
    /// One reader has asked for it. Nothing is skipped: its source waits as long as the reader does, and it is cancelled when nobody reads.
    Reader,
}

/// One stream that lives, or has ended a moment ago.
#[derive(Debug)]
pub(super) struct LiveStream {
    pub(super) id: StreamId,
    pub(super) topic: Topic,
    pub(super) title: String,
    pub(super) purpose: StreamPurpose,
    hub: Hub,
    began_ms: u64,
    total: AtomicU64,
    /// Held by whoever writes: entries are in order.
    writing: tokio::sync::Mutex<()>,
    /// Nothing more is wanted: whoever waits to write gives up.
    given_up: CancellationToken,
    seen: Mutex<Seen>,
}

/// The last signs of its writer and of its readers.
#[derive(Debug)]
struct Seen {
    end: Option<(StreamEnd, Instant)>,
    wrote_at: Instant,
    read_at: Instant,
    /// The readers that had ever come.
    begun: u64,
}

impl LiveStream {
    pub(super) fn new(hub: Hub, id: StreamId, topic: Topic, title: String, purpose: StreamPurpose) -> Self {
        let now = Instant::now();
        Self {
            began_ms: hub.clock().unix_millis(),
            hub,
            id,
            topic,
            title,
            purpose,
            total: AtomicU64::new(0),
            writing: tokio::sync::Mutex::default(),
            given_up: CancellationToken::new(),
            seen: Mutex::new(Seen { end: None, wrote_at: now, read_at: now, begun: 0 }),
        }
    }

    /// Publishes its beginning.
    pub(super) async fn begin(&self) -> Result<common::Cursor, StreamError> {
        let entry = StreamEntry::<()>::Begin { title: self.title.clone(), at_ms: self.began_ms };
        let cursor = self.publish(&entry).await?;
        self.tell(StreamChange::Begun);
        Ok(cursor)
    }

    /// Tells whoever looks at the list of streams. That list is right without it, so a log that does not take it costs nobody anything.
    pub(super) fn tell(&self, change: StreamChange) {
        if self.purpose != StreamPurpose::Program {
            return;
        }
        let news = StreamNews { id: self.id.clone(), title: self.title.clone(), change };
        let topic: Topic = STREAM_NEWS.parse().expect("a word is a topic");
        match serde_json::to_vec(&news) {
            Ok(payload) => {
                if let Err(error) = self.hub.publish(&topic, payload.into()) {
                    tracing::debug!(%error, "the change of a stream was not told");
                }
            }
            Err(error) => tracing::error!(%error, "the change of a stream cannot be told"),
        }
    }

    /// Adds items, once there is room for them.
    ///
    /// # Errors
    /// When it has ended, or the log does not take them. Then those that were published stay.
    pub(super) async fn send<T: Serialize>(&self, items: &[T]) -> Result<(), StreamError> {
        let _turn = self.turn().await?;
        self.seen.lock().wrote_at = Instant::now();
        let until = Instant::now() + PATIENCE;
        let most = ENTRY_BYTES.min(self.hub.settings().publication_bytes.saturating_sub(AROUND));
        let mut batch = Batch::default();
        for item in items {
            let text = serde_json::to_vec(item).map_err(StreamError::Unreadable)?;
            if !batch.is_empty() && batch.bytes.len() + 1 + text.len() > most {
                self.send_batch(&mut batch, until).await?;
            }
            batch.push(&text);
        }
        if batch.is_empty() { Ok(()) } else { self.send_batch(&mut batch, until).await }
    }

    async fn send_batch(&self, batch: &mut Batch, until: Instant) -> Result<(), StreamError> {
        self.room(until).await?;
        let first = self.total.load(Ordering::Relaxed);
        let (payload, count) = batch.take(first);
        self.hub.publish_async(&self.topic, payload.into()).await?;
        self.total.store(first + count, Ordering::Relaxed);
        Ok(())
    }

    /// Waits until readers have come so far that nothing is lost to the one who is furthest; a program waits until then alone.
    async fn room(&self, until: Instant) -> Result<(), StreamError> {
        let Some(readers) = self.hub.stream_readers(&self.topic) else { return Ok(()) };
        let patience = async {
            match self.purpose {
                // Without a reader there is nobody to wait for.
                StreamPurpose::Program if readers.count() == 0 => {}
                StreamPurpose::Program => sleep_until(until).await,
                StreamPurpose::Reader => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.given_up.cancelled() => Err(self.ended()),
            () = readers.read_to(WINDOW) => Ok(()),
            () = patience => Ok(()),
        }
    }

    /// Ends it; the first word holds. Returns false where it had ended.
    pub(super) async fn end(
        &self,
        reason: StreamEndReason,
        error: Option<String>,
    ) -> Result<bool, StreamError> {
        // Whoever waits for room has the turn.
        if reason == StreamEndReason::Cancelled {
            self.given_up.cancel();
        }
        let _turn = self.writing.lock().await;
        if self.seen.lock().end.is_some() {
            return Ok(false);
        }
        let total = self.total.load(Ordering::Relaxed);
        self.publish(&StreamEntry::<()>::End { reason, error: error.clone(), total }).await?;
        let end = StreamEnd { reason, error, at_ms: self.hub.clock().unix_millis() };
        self.seen.lock().end = Some((end, Instant::now()));
        self.given_up.cancel();
        self.tell(StreamChange::Ended);
        Ok(true)
    }

    async fn turn(&self) -> Result<tokio::sync::MutexGuard<'_, ()>, StreamError> {
        let turn = self.writing.lock().await;
        if self.given_up.is_cancelled() { Err(self.ended()) } else { Ok(turn) }
    }

    fn ended(&self) -> StreamError {
        let end = &self.seen.lock().end;
        StreamError::Ended(end.as_ref().map_or(StreamEndReason::Cancelled, |(end, _)| end.reason))
    }

    async fn publish(&self, entry: &StreamEntry<()>) -> Result<common::Cursor, StreamError> {
        let payload = serde_json::to_vec(entry).map_err(StreamError::Unreadable)?;
        Ok(self.hub.publish_async(&self.topic, payload.into()).await?)
    }

    /// Resolves when nothing more is wanted of it, or it has ended.
    pub(super) async fn given_up(&self) {
        self.given_up.cancelled().await;
    }

    pub(super) fn readers(&self) -> Option<StreamReaders> {
        self.hub.stream_readers(&self.topic)
    }

    pub(super) fn status(&self) -> StreamStatus {
        StreamStatus {
            id: self.id.clone(),
            topic: self.topic.clone(),
            title: self.title.clone(),
            began_ms: self.began_ms,
            total: self.total.load(Ordering::Relaxed),
            readers: self.readers().map_or(0, |readers| readers.count()),
            end: self.seen.lock().end.as_ref().map(|(end, _)| end.clone()),
        }
    }

    /// The time since it has ended; none while it lives.
    pub(super) fn ended_for(&self, now: Instant) -> Option<Duration> {
        self.seen.lock().end.as_ref().map(|(_, at)| now.saturating_duration_since(*at))
    }

    /// The time since its writer wrote something.
    pub(super) fn silent_for(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.seen.lock().wrote_at)
    }

    /// The time since somebody read it. Who polls is seen by having come.
    pub(super) fn unread_for(&self, now: Instant) -> Duration {
        let (count, begun) = self.readers().map_or((0, 0), |readers| (readers.count(), readers.begun()));
        let mut seen = self.seen.lock();
        if count > 0 || begun != seen.begun {
            seen.read_at = now;
            seen.begun = begun;
        }
        now.saturating_duration_since(seen.read_at)
    }
}

/// Items that go into one entry: their JSON, joined.
#[derive(Debug, Default)]
struct Batch {
    bytes: Vec<u8>,
    count: u64,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn push(&mut self, item: &[u8]) {
        if self.count > 0 {
            self.bytes.push(b',');
        }
        self.bytes.extend_from_slice(item);
        self.count += 1;
    }

    /// The entry, as [`StreamEntry::Items`] writes it.
    fn take(&mut self, first: u64) -> (Vec<u8>, u64) {
        let mut entry = format!(r#"{{"type":"items","first":{first},"items":["#).into_bytes();
        entry.append(&mut self.bytes);
        entry.extend_from_slice(b"]}");
        (entry, std::mem::take(&mut self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_written_as_their_type_says() {
        let mut batch = Batch::default();
        batch.push(b"\"a\"");
        batch.push(b"\"b\"");
        let (entry, count) = batch.take(7);
        let read = StreamEntry::from_json(std::str::from_utf8(&entry).expect("text"));
        assert_eq!(read, Some(StreamEntry::Items { first: 7, items: vec!["a".to_owned(), "b".to_owned()] }));
        assert_eq!((count, batch.is_empty()), (2, true));
    }
}
