//! Statistics of open subscriptions. A subscription stores only its owner and its position for them; the topics that
//! it follows are found on demand.

use std::sync::Arc;

use common::{Cursor, Seq, Topic};

use crate::{
    hub::Hub,
    log::{Log, TopicLog},
    notifier::{Disconnect, Notifier},
    topic::TopicState,
};

/// The statistics of one subscription at a moment.
#[derive(Debug)]
pub struct SubscriptionStats {
    notifier: Arc<Notifier>,
    topics: Vec<Arc<TopicState>>,
    lag: u64,
}

/// The number of subscriptions that are compared with the log at once; between them publishers get their turn.
const AT_ONCE: usize = 64;

impl SubscriptionStats {
    /// Returns the owner's number.
    #[must_use]
    pub fn owner(&self) -> u64 {
        self.notifier.owner
    }

    /// The topics it follows.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.topics.iter().map(|topic| &topic.name)
    }

    /// Returns the number of entries of its topics behind the subscription's position.
    #[must_use]
    pub fn lag(&self) -> u64 {
        self.lag
    }

    fn measure(&mut self, log: &Log) {
        let position = self.notifier.position();
        self.lag =
            self.topics.iter().filter_map(|topic| log.of(topic)).map(|topic| behind(topic, position)).sum();
    }
}

fn behind(topic: &TopicLog, position: Seq) -> u64 {
    (topic.len() - topic.first_after(position)) as u64
}

impl Hub {
    /// Returns the statistics of all subscriptions that have an owner.
    #[must_use]
    pub fn subscription_stats(&self) -> Vec<SubscriptionStats> {
        let mut by_key: Vec<Option<SubscriptionStats>> = Vec::new();
        self.with_notifiers(|notifiers| {
            by_key.resize_with(notifiers.capacity(), || None);
            for (key, notifier) in notifiers.iter().filter(|(_, notifier)| notifier.owner != 0) {
                by_key[key] =
                    Some(SubscriptionStats { notifier: Arc::clone(notifier), topics: Vec::new(), lag: 0 });
            }
        });
        let topics: Vec<_> =
            self.with_log(|log| log.topics().map(|topic| Arc::clone(&topic.state)).collect());
        for topic in topics {
            topic.each_listener(|notifier| match by_key.get_mut(notifier.key) {
                // Another subscription may have come to its place since.
                Some(Some(stats)) if Arc::ptr_eq(&stats.notifier, notifier) => {
                    stats.topics.push(Arc::clone(&topic));
                }
                _ => {}
            });
        }
        let mut subscription_stats: Vec<_> = by_key.into_iter().flatten().collect();
        for some in subscription_stats.chunks_mut(AT_ONCE) {
            self.with_log(|log| some.iter_mut().for_each(|stats| stats.measure(log)));
        }
        subscription_stats
    }

    /// Returns the number of entries of these topics behind a place: the lag of a reader who goes on from there. Without a place it is
    /// all that is kept.
    #[must_use]
    pub fn lag(&self, topics: &[Topic], place: Option<Cursor>) -> u64 {
        self.with_log(|log| {
            topics
                .iter()
                .filter_map(|topic| log.find(topic.as_str()))
                .map(|topic| {
                    let next = place.map_or(0, |place| topic.first_after_number(topic.number(place)));
                    (topic.len() - next) as u64
                })
                .sum()
        })
    }

    /// Asks the subscriptions of an owner to end, as closing asks all; how many there are.
    pub fn disconnect(&self, owner: u64, disconnect: Disconnect) -> usize {
        self.with_notifiers(|notifiers| {
            let theirs = notifiers.iter().filter(|(_, notifier)| notifier.owner == owner);
            theirs.inspect(|(_, notifier)| notifier.disconnect(disconnect)).count()
        })
    }

    /// Asks the subscriptions of an owner to end, and lets them take nothing more; how many there are.
    pub fn silence(&self, owner: u64, disconnect: Disconnect) -> usize {
        self.with_notifiers(|notifiers| {
            let theirs = notifiers.iter().filter(|(_, notifier)| notifier.owner == owner);
            let silenced = theirs.inspect(|(_, notifier)| {
                notifier.silence();
                notifier.disconnect(disconnect);
            });
            silenced.count()
        })
    }
}
