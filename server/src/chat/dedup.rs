//! Deduplication of a room's messages: those that are in the log, by the ids that their senders gave them.

use std::collections::{HashMap, VecDeque};

use common::{MessageId, Seq, Topic};
use fanout::Hub;
use serde::Deserialize;

/// As long as what the log keeps of the room.
#[derive(Debug, Default)]
pub(super) struct MessageDedup {
    places: HashMap<MessageId, Seq>,
    /// In the log's order.
    order: VecDeque<(Seq, MessageId)>,
}

/// As much of a stored message as is needed here.
#[derive(Deserialize)]
struct StoredId {
    id: MessageId,
}

impl MessageDedup {
    /// Of what the log keeps of a topic.
    pub(super) fn of(hub: &Hub, topic: &Topic) -> Self {
        let mut dedup = Self::default();
        for entry in hub.history(topic, None, usize::MAX).entries {
            match serde_json::from_slice::<StoredId>(&entry.data) {
                Ok(StoredId { id }) => dedup.record(id, entry.cursor.seq),
                Err(error) => tracing::warn!(%topic, cursor = %entry.cursor, %error, "no message of ours"),
            }
        }
        dedup
    }

    /// Returns the sequence number of a stored message.
    pub(super) fn place(&self, id: &MessageId) -> Option<Seq> {
        self.places.get(id).copied()
    }

    /// The message now stands there.
    pub(super) fn record(&mut self, id: MessageId, seq: Seq) {
        self.order.push_back((seq, id.clone()));
        self.places.insert(id, seq);
    }

    /// The log has let go of everything up to there.
    pub(super) fn forget_through(&mut self, seq: Seq) {
        while self.order.front().is_some_and(|(oldest, _)| *oldest <= seq) {
            if let Some((oldest, id)) = self.order.pop_front()
                && self.places.get(&id) == Some(&oldest)
            {
                self.places.remove(&id);
            }
        }
    }

    /// Counts the messages that it knows.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        assert!(self.places.len() <= self.order.len(), "each name has a place");
        self.order.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> MessageId {
        format!("message-{n}").parse().expect("an id")
    }

    #[test]
    fn it_forgets_with_the_log_and_an_id_that_comes_again_later_has_its_new_place() {
        let mut dedup = MessageDedup::default();
        for (n, seq) in [(1, 3), (2, 5), (1, 9)] {
            dedup.record(id(n), Seq(seq));
        }
        dedup.forget_through(Seq(5));
        assert_eq!((dedup.place(&id(1)), dedup.place(&id(2))), (Some(Seq(9)), None));
        dedup.forget_through(Seq(9));
        assert!(dedup.is_empty() && dedup.place(&id(1)).is_none());
    }
}
