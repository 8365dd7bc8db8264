//! Presence on one node.

use std::{collections::HashMap, time::Duration};

use common::Topic;
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::presence::{Member, Presence};

/// The members of one node.
#[derive(Debug, Default)]
pub struct LocalPresence(Mutex<HashMap<Topic, Vec<LocalMember>>>);

#[derive(Debug)]
struct LocalMember {
    member: Member,
    until: Instant,
}

impl LocalPresence {
    /// Removes members whose time is up; returns the topics that they were at.
    pub fn expire(&self, now: Instant) -> Vec<Topic> {
        let mut changed = Vec::new();
        self.0.lock().retain(|topic, members| {
            let before = members.len();
            members.retain(|present| present.until > now);
            if members.len() < before {
                changed.push(topic.clone());
            }
            !members.is_empty()
        });
        changed
    }
}

impl Presence for LocalPresence {
    fn add(&self, topic: &Topic, member: Member, ttl: Duration) {
        let until = Instant::now() + ttl;
        let mut all = self.0.lock();
        let members = all.entry(topic.clone()).or_default();
        match members.iter_mut().find(|present| present.member.id == member.id) {
            Some(present) => *present = LocalMember { member, until },
            None => members.push(LocalMember { member, until }),
        }
    }

    fn refresh(&self, topic: &Topic, id: &str, ttl: Duration) -> bool {
        let now = Instant::now();
        let mut all = self.0.lock();
        let mut members = all.get_mut(topic).into_iter().flatten();
        let present = members.find(|present| present.member.id == id && present.until > now);
        present.map(|present| present.until = now + ttl).is_some()
    }

    fn remove(&self, topic: &Topic, id: &str) -> bool {
        let mut all = self.0.lock();
        let Some(members) = all.get_mut(topic) else { return false };
        let before = members.len();
        members.retain(|present| present.member.id != id);
        let removed = members.len() < before;
        if members.is_empty() {
            all.remove(topic);
        }
        removed
    }

    fn list(&self, topic: &Topic) -> Vec<Member> {
        let now = Instant::now();
        let all = self.0.lock();
        let members = all.get(topic).into_iter().flatten();
        members.filter(|present| present.until > now).map(|present| present.member.clone()).collect()
    }

    fn topics(&self) -> Vec<Topic> {
        self.0.lock().keys().cloned().collect()
    }
}
