//! The watchers of a topic: those who follow it, and those who ask for it now and then.

use std::time::{Duration, Instant};

use common::Topic;
use fanout::Hub;

/// The watchers of a topic.
#[derive(Debug)]
pub(crate) struct Watchers {
    hub: Hub,
    topic: Topic,
    /// The subscriptions that had begun at the last look.
    begun: u64,
    /// Until then those who were seen last are taken to be there.
    until: Option<Instant>,
}

/// A page that polls follows the topic for the moment of a poll. Its polls are one second apart, and five while nobody looks at it
/// (`transports/src/polling/poll_loop.rs`).
const BETWEEN_POLLS: Duration = Duration::from_secs(8);

impl Watchers {
    pub(crate) fn new(hub: Hub, topic: Topic) -> Self {
        Self { hub, topic, begun: 0, until: None }
    }

    /// Returns true if someone follows the topic, or has asked for it a moment ago. Of several nodes one measures for all, and who watches at
    /// the others is not known here.
    pub(crate) fn are_there(&mut self, now: Instant) -> bool {
        let begun = self.hub.subscriptions_begun(&self.topic);
        let came = std::mem::replace(&mut self.begun, begun) != begun && begun > 0;
        if came || self.hub.subscribers(&self.topic) > 0 {
            self.until = Some(now + BETWEEN_POLLS);
        }
        self.until.is_some_and(|until| now < until) || !self.hub.is_alone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use common::{Epoch, host::HostId};
    use fanout::{Retention, Settings, SubscribeOptions, SystemClock, TopicKind, TopicPolicy};

    use super::*;

    fn hub() -> Hub {
        let pattern = "host/*/*".parse().expect("a pattern");
        let policy = TopicPolicy { pattern, kind: TopicKind::Latest, retention: Retention::entries(8) };
        Hub::new(Settings {
            clock: Arc::new(SystemClock),
            epoch: Epoch(1),
            policies: vec![policy],
            publication_bytes: 1 << 10,
            topics_per_subscription: 0,
            topics: 1,
            bytes: 1 << 20,
        })
    }

    #[test]
    fn who_polls_watches_between_two_polls_and_no_longer() {
        let topic = HostId::local().metrics_topic();
        let hub = hub();
        let mut watchers = Watchers::new(hub.clone(), topic.clone());
        let start = Instant::now();
        assert!(!watchers.are_there(start));

        let options = SubscribeOptions { topics: vec![topic], ..SubscribeOptions::default() };
        let poll = || drop(hub.subscribe(&options).expect("a subscription"));
        poll();
        assert!(watchers.are_there(start), "though its subscription is gone");
        assert!(watchers.are_there(start + BETWEEN_POLLS / 2));
        assert!(!watchers.are_there(start + BETWEEN_POLLS));

        poll();
        assert!(watchers.are_there(start + 2 * BETWEEN_POLLS), "it asks again");
        let _followed = hub.subscribe(&options).expect("a subscription");
        assert!(watchers.are_there(start + 9 * BETWEEN_POLLS), "who follows is there for as long");
    }
}
