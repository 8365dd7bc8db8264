//! Presence: who is there, over all nodes.

use std::time::Duration;

use bytes::Bytes;
use common::Topic;

/// Someone who is present at a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name within the topic, over all nodes: 1 to 128 bytes.
    pub id: String,
    /// The payload that describes the member, as its node encoded it.
    pub data: Bytes,
}

/// A presence table: each node says who is there through it, and every node reads them all.
///
/// What a node says of its own members holds on it at once and on others within a second. When a node ends or is cut off, its members are
/// gone on the others once their time is up. A member that two nodes name is listed once for each of them, so that it leaves with the last.
pub trait Presence: Send + Sync {
    /// Adds a member of this node, or changes its payload. It is there for `ttl`, unless it is refreshed.
    fn add(&self, topic: &Topic, member: Member, ttl: Duration);

    /// Keeps a member of this node for `ttl` from now on. False where it is not there.
    fn refresh(&self, topic: &Topic, id: &str, ttl: Duration) -> bool;

    /// Removes a member of this node. False where it is not there.
    fn remove(&self, topic: &Topic, id: &str) -> bool;

    /// Lists the members of all nodes, this one's first.
    fn list(&self, topic: &Topic) -> Vec<Member>;

    /// Lists the topics at which someone is.
    fn topics(&self) -> Vec<Topic>;
}
