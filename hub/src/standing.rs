//! Where the sessions stand, for those who look. Nothing is kept for them but whose a session is and how far it was told: which topics
//! it follows is found out when someone asks.

use std::sync::Arc;

use common::{Seq, Topic};

use crate::{
    bell::{Bell, Bye},
    hub::Hub,
    log::{Log, TopicLog},
    topic::TopicState,
};

/// Where a session stood at a moment.
#[derive(Debug)]
pub struct Standing {
    bell: Arc<Bell>,
    topics: Vec<Arc<TopicState>>,
    lag: u64,
}

/// So many sessions are compared with the log at once; between them publishers get their turn.
const AT_ONCE: usize = 64;

impl Standing {
    /// Whose session it is.
    #[must_use]
    pub fn owner(&self) -> u64 {
        self.bell.owner
    }

    /// The topics it follows.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.topics.iter().map(|topic| &topic.name)
    }

    /// How many entries the log has of them behind the place up to which the session was told.
    #[must_use]
    pub fn lag(&self) -> u64 {
        self.lag
    }

    fn measure(&mut self, log: &Log) {
        let told = self.bell.told();
        self.lag =
            self.topics.iter().filter_map(|topic| log.of(topic)).map(|topic| behind(topic, told)).sum();
    }
}

fn behind(topic: &TopicLog, told: Seq) -> u64 {
    (topic.len() - topic.first_after(told)) as u64
}

impl Hub {
    /// Where the sessions stand that have an owner.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        let mut by_key: Vec<Option<Standing>> = Vec::new();
        self.with_bells(|bells| {
            by_key.resize_with(bells.capacity(), || None);
            for (key, bell) in bells.iter().filter(|(_, bell)| bell.owner != 0) {
                by_key[key] = Some(Standing { bell: Arc::clone(bell), topics: Vec::new(), lag: 0 });
            }
        });
        let topics: Vec<_> =
            self.with_log(|log| log.topics().map(|topic| Arc::clone(&topic.state)).collect());
        for topic in topics {
            topic.each_listener(|bell| match by_key.get_mut(bell.key) {
                // Another session may have come to its place since.
                Some(Some(standing)) if Arc::ptr_eq(&standing.bell, bell) => {
                    standing.topics.push(Arc::clone(&topic));
                }
                _ => {}
            });
        }
        let mut standings: Vec<_> = by_key.into_iter().flatten().collect();
        for some in standings.chunks_mut(AT_ONCE) {
            self.with_log(|log| some.iter_mut().for_each(|standing| standing.measure(log)));
        }
        standings
    }

    /// How many entries the log has of these topics behind a place: the lag of one who reads on from there.
    #[must_use]
    pub fn lag(&self, topics: &[Topic], told: Seq) -> u64 {
        self.with_log(|log| {
            topics.iter().filter_map(|topic| log.find(topic.as_str())).map(|topic| behind(topic, told)).sum()
        })
    }

    /// Asks the sessions of an owner to end, as closing asks all; how many there are.
    pub fn dismiss(&self, owner: u64, bye: Bye) -> usize {
        self.with_bells(|bells| {
            let theirs = bells.iter().filter(|(_, bell)| bell.owner == owner);
            theirs.inspect(|(_, bell)| bell.say_bye(bye)).count()
        })
    }
}
