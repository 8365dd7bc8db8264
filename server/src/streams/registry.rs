//! The streams that this node has opened.

use std::{collections::HashMap, sync::Arc, time::Duration};

use common::{
    Topic,
    stream::{StreamChange, StreamEndReason, StreamId, StreamOpened, StreamStatus},
};
use fanout::Hub;
use parking_lot::Mutex;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    error::StreamError,
    live_stream::{LiveStream, StreamPurpose},
    writer::StreamWriter,
};

/// The most streams that are open at once, at one node; and as many that have ended are kept for a while.
pub(super) const MOST: usize = 2_000;
/// A stream that has ended is kept for so long: a reader whose line was cut learns how it ended.
const KEPT: Duration = Duration::from_secs(60);
/// A program that says nothing for so long has left its stream.
const SILENT: Duration = Duration::from_secs(3_600);
/// A stream that one reader has asked for ends when nobody has read it for so long.
const UNREAD: Duration = Duration::from_secs(30);
/// The streams are looked through this often.
const LOOK: Duration = Duration::from_secs(1);

/// The streams that this node has opened; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Streams(Arc<Registry>);

#[derive(Debug)]
struct Registry {
    hub: Hub,
    streams: Mutex<HashMap<StreamId, Arc<LiveStream>>>,
}

impl Streams {
    pub(crate) fn new(hub: Hub) -> Self {
        Self(Arc::new(Registry { hub, streams: Mutex::default() }))
    }

    /// Opens a stream that a program writes.
    pub(super) async fn open_for_program(&self, title: String) -> Result<StreamOpened, StreamError> {
        let (_, opened) = self.open(StreamId::topic, title, StreamPurpose::Program).await?;
        Ok(opened)
    }

    /// Opens a stream that one reader has asked for, on the topic that `topic` makes of its name. It is cancelled when nobody reads it.
    ///
    /// # Errors
    /// When as many are open as may be, or the log does not take it.
    pub(crate) async fn open_for_reader(
        &self,
        topic: impl FnOnce(&StreamId) -> Topic,
        title: String,
    ) -> Result<(StreamWriter, StreamOpened), StreamError> {
        let (stream, opened) = self.open(topic, title, StreamPurpose::Reader).await?;
        Ok((StreamWriter::new(stream), opened))
    }

    async fn open(
        &self,
        topic: impl FnOnce(&StreamId) -> Topic,
        title: String,
        purpose: StreamPurpose,
    ) -> Result<(Arc<LiveStream>, StreamOpened), StreamError> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| StreamError::NoRandomness)?;
        let id = StreamId::of_bytes(random);
        let topic = topic(&id);
        let stream = Arc::new(LiveStream::new(self.0.hub.clone(), id.clone(), topic.clone(), title, purpose));
        {
            let mut streams = self.0.streams.lock();
            let now = Instant::now();
            let open = streams.values().filter(|stream| stream.ended_for(now).is_none()).count();
            if open >= MOST || streams.len() >= 2 * MOST {
                return Err(StreamError::TooMany(MOST));
            }
            streams.insert(id.clone(), Arc::clone(&stream));
        }
        match stream.begin().await {
            Ok(cursor) => {
                // Whoever follows it at this node finds it.
                self.0.hub.broker().caught_up(cursor).await;
                Ok((stream, StreamOpened { id, topic, cursor }))
            }
            Err(error) => {
                self.0.streams.lock().remove(&id);
                Err(error)
            }
        }
    }

    /// Finds a stream that this node has opened.
    pub(super) fn find(&self, id: &StreamId) -> Result<Arc<LiveStream>, StreamError> {
        self.0.streams.lock().get(id).cloned().ok_or_else(|| StreamError::NoStream(id.to_string()))
    }

    /// Cancels a stream that a reader has asked for, on this topic. Returns false where there is none.
    ///
    /// # Errors
    /// When the log does not take its end.
    pub(crate) async fn cancel(&self, id: &StreamId, topic: &Topic) -> Result<bool, StreamError> {
        match self.find(id) {
            Ok(stream) if stream.topic == *topic => stream.end(StreamEndReason::Cancelled, None).await,
            _ => Ok(false),
        }
    }

    /// The streams of programs, the newest first.
    pub(super) fn list(&self) -> Vec<StreamStatus> {
        let streams: Vec<_> = self.0.streams.lock().values().cloned().collect();
        let of_programs = streams.iter().filter(|stream| stream.purpose == StreamPurpose::Program);
        let mut list: Vec<_> = of_programs.map(|stream| stream.status()).collect();
        list.sort_by(|a, b| {
            (b.began_ms, &a.title, a.id.as_str()).cmp(&(a.began_ms, &b.title, b.id.as_str()))
        });
        list
    }

    /// Ends what was left, and forgets what has ended, for ever.
    pub(super) async fn tend(self) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let streams: Vec<_> = self.0.streams.lock().values().cloned().collect();
            for stream in streams {
                if let Err(error) = self.look_after(&stream, Instant::now()).await {
                    tracing::warn!(%error, stream = %stream.id, "a stream could not be ended");
                }
            }
        }
    }

    async fn look_after(&self, stream: &LiveStream, now: Instant) -> Result<(), StreamError> {
        if let Some(ended) = stream.ended_for(now) {
            if ended >= KEPT {
                self.0.streams.lock().remove(&stream.id);
                stream.tell(StreamChange::Forgotten);
                if let Err(error) = self.0.hub.forget_stream(&stream.topic).await {
                    tracing::warn!(%error, stream = %stream.id, "a stream stays in the log until it is past its age");
                }
            }
            return Ok(());
        }
        match stream.purpose {
            StreamPurpose::Reader if stream.unread_for(now) >= UNREAD => {
                stream.end(StreamEndReason::Cancelled, None).await?;
            }
            StreamPurpose::Program if stream.silent_for(now) >= SILENT => {
                let error = "its writer has said nothing for an hour".to_owned();
                stream.end(StreamEndReason::Failed, Some(error)).await?;
            }
            _ => {}
        }
        Ok(())
    }
}
