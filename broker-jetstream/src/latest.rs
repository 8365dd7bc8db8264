//! Values of `Latest` topics on their way out. Nobody waits for them: each goes out as a plain message, comes back through the stream
//! like everyone's, and is sent again where it does not. Of each topic only the newest waits.

use std::collections::{HashMap, VecDeque};

use broker::PublishError;
use bytes::Bytes;
use common::Topic;
use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    time::{Duration, Instant},
};

/// The most topics whose values are remembered.
const MOST_TOPICS: usize = 20_000;
/// The time after which a value that has not come back is sent again.
const RESEND_AFTER: Duration = Duration::from_secs(2);

/// The newest values that this node published itself.
#[derive(Debug, Default)]
pub(crate) struct LatestOutbox {
    state: Mutex<OutboxState>,
    /// Wakes the task that sends.
    pub(crate) ready: Notify,
}

#[derive(Debug, Default)]
struct OutboxState {
    values: HashMap<Topic, OwnValue>,
    /// Topics whose value is to be sent, each once.
    waiting: VecDeque<Topic>,
    count: u64,
}

#[derive(Debug)]
struct OwnValue {
    data: Bytes,
    number: u64,
    put: Instant,
    waits: bool,
    /// The time at which it was sent, none once it came back.
    sent: Option<Instant>,
}

impl LatestOutbox {
    /// Takes a value in; it replaces the one before it.
    pub(crate) fn put(&self, topic: &Topic, data: Bytes) -> Result<(), PublishError> {
        {
            let mut state = self.state.lock();
            if state.values.len() >= MOST_TOPICS && !state.values.contains_key(topic) {
                return Err(PublishError::TooManyTopics(MOST_TOPICS));
            }
            state.count += 1;
            let number = state.count;
            let waits = state.values.insert(
                topic.clone(),
                OwnValue { data, number, put: Instant::now(), waits: true, sent: None },
            );
            if waits.is_none_or(|before| !before.waits) {
                state.waiting.push_back(topic.clone());
            }
        }
        self.ready.notify_one();
        Ok(())
    }

    /// Takes the next value to send, with its number.
    pub(crate) fn take(&self) -> Option<(Topic, Bytes, u64)> {
        let mut state = self.state.lock();
        while let Some(topic) = state.waiting.pop_front() {
            if let Some(value) = state.values.get_mut(&topic) {
                value.waits = false;
                value.sent = Some(Instant::now());
                return Some((topic, value.data.clone(), value.number));
            }
        }
        None
    }

    /// Takes note that one of this node's values came back.
    pub(crate) fn confirm(&self, topic: &Topic, number: u64) {
        if let Some(value) = self.state.lock().values.get_mut(topic)
            && value.number == number
        {
            value.sent = None;
        }
    }

    /// Takes note that another node's value replaced this node's.
    pub(crate) fn supersede(&self, topic: &Topic) {
        let mut state = self.state.lock();
        if state.values.get(topic).is_some_and(|value| !value.waits) {
            state.values.remove(topic);
        }
    }

    /// Sends again what did not come back in time.
    pub(crate) fn resend_late(&self) {
        self.resend(|value| value.sent.is_some_and(|sent| sent.elapsed() >= RESEND_AFTER));
    }

    /// Sends everything again.
    pub(crate) fn resend_all(&self) {
        self.resend(|_| true);
    }

    /// Takes the topics out whose value is older than they last; `lasts` says for how long, none for ever.
    pub(crate) fn take_lapsed(&self, lasts: impl Fn(&Topic) -> Option<Duration>) -> Vec<Topic> {
        let mut state = self.state.lock();
        let lapsed = |topic: &Topic, value: &OwnValue| {
            !value.waits && lasts(topic).is_some_and(|age| value.put.elapsed() > age)
        };
        state.values.extract_if(|topic, value| lapsed(topic, value)).map(|(topic, _)| topic).collect()
    }

    fn resend(&self, chosen: impl Fn(&OwnValue) -> bool) {
        {
            let OutboxState { values, waiting, .. } = &mut *self.state.lock();
            for (topic, value) in values.iter_mut().filter(|(_, value)| !value.waits && chosen(value)) {
                value.waits = true;
                waiting.push_back(topic.clone());
            }
        }
        self.ready.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(text: &str) -> Topic {
        text.parse().expect("a topic")
    }

    fn put(outbox: &LatestOutbox, name: &str, data: &'static str) {
        outbox.put(&topic(name), data.into()).expect("there is room");
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_newest_value_of_a_topic_waits_and_it_is_sent_again_until_it_comes_back() {
        let outbox = LatestOutbox::default();
        put(&outbox, "a", "1");
        put(&outbox, "b", "2");
        put(&outbox, "a", "3");
        assert_eq!(outbox.take(), Some((topic("a"), "3".into(), 3)));
        assert_eq!(outbox.take(), Some((topic("b"), "2".into(), 2)));
        assert_eq!(outbox.take(), None);
        outbox.confirm(&topic("b"), 2);
        outbox.resend_late();
        assert_eq!(outbox.take(), None, "it is not late yet");
        tokio::time::advance(RESEND_AFTER).await;
        outbox.resend_late();
        assert_eq!(outbox.take(), Some((topic("a"), "3".into(), 3)));
        assert_eq!(outbox.take(), None);
    }

    #[tokio::test]
    async fn a_value_that_another_node_replaced_is_not_sent_again() {
        let outbox = LatestOutbox::default();
        put(&outbox, "a", "1");
        outbox.take();
        outbox.supersede(&topic("a"));
        outbox.resend_all();
        assert_eq!(outbox.take(), None);
    }
}
