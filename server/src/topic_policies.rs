//! Retentions that the topics of several features share.

use fanout::{Retention, TopicKind, TopicPolicy, TopicQuota};

/// Entries of a topic whose newest value is what counts.
pub(crate) const FEW: usize = 16;

/// A Latest topic of the product's own: its share nobody else can take.
pub(crate) fn own(pattern: &str) -> TopicPolicy {
    policy(pattern, TopicKind::Latest, Retention { quota: TopicQuota::Reserved, ..Retention::entries(FEW) })
}

/// A family of Latest topics. A client that publishes or follows topics without end fills the share of one family, and
/// no other.
pub(crate) fn latest(pattern: &str, at_most: usize) -> TopicPolicy {
    let quota = TopicQuota::AtMost(at_most);
    policy(pattern, TopicKind::Latest, Retention { quota, ..Retention::entries(FEW) })
}

/// A policy for the topics of a pattern that is written in the code.
pub(crate) fn policy(pattern: &str, kind: TopicKind, retention: Retention) -> TopicPolicy {
    TopicPolicy { pattern: pattern.parse().expect("a pattern written here is one"), kind, retention }
}
