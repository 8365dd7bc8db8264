//! The readers of a stream, as its writer sees them.

use std::sync::Arc;

use broker::BrokerError;
use common::Topic;

use crate::{hub::Hub, topic::TopicState};

/// The readers of a stream in this process.
#[derive(Debug, Clone)]
pub struct StreamReaders {
    hub: Hub,
    topic: Arc<TopicState>,
}

impl Hub {
    /// Returns the readers of a stream; none where the log holds nothing of it.
    #[must_use]
    pub fn stream_readers(&self, topic: &Topic) -> Option<StreamReaders> {
        let topic = self.with_log(|log| log.find(topic.as_str()).map(|topic| Arc::clone(&topic.state)))?;
        topic.read_mark.as_ref()?;
        Some(StreamReaders { hub: self.clone(), topic })
    }

    /// Forgets a stream: who comes from now on is told that it is gone. Readers who had not come to its end are told of a gap.
    ///
    /// # Errors
    /// When the log cannot be reached; then it stays in the log until it is past its age.
    pub async fn forget_stream(&self, topic: &Topic) -> Result<(), BrokerError> {
        let state = {
            let mut log = self.0.log.write();
            let state = log.find(topic.as_str()).map(|topic| Arc::clone(&topic.state));
            if let Some(state) = &state {
                log.drop_stream(state.slot);
            }
            state
        };
        if let Some(state) = state {
            state.notify_all();
        }
        self.0.broker.remove(topic).await.map(drop)
    }
}

impl StreamReaders {
    /// Returns how many follow it now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.topic.followers()
    }

    /// Returns how many ever came. Who polls comes anew with each poll.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.topic.begun()
    }

    /// Returns the bytes of payload that even the furthest reader has not taken.
    #[must_use]
    pub fn unread(&self) -> usize {
        let Some(mark) = &self.topic.read_mark else { return 0 };
        self.hub.with_log(|log| log.of(&self.topic).map_or(0, |topic| topic.bytes_after(mark.furthest())))
    }

    /// Resolves when at most so many bytes are unread.
    pub async fn read_to(&self, bytes: usize) {
        let Some(mark) = &self.topic.read_mark else { return };
        loop {
            // Before the look: who reads between that and the wait is not missed.
            let moved = mark.moved();
            if self.unread() <= bytes {
                return;
            }
            moved.await;
        }
    }
}
