//! Errors of publishing and of subscribing.

use common::Topic;

/// The reason for which a publication was not taken into the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// No policy allows the topic.
    #[error("no rule allows the topic {0}")]
    UnknownTopic(Topic),
    /// The payload is longer than one publication may be.
    #[error("a publication of {size} bytes is longer than the {limit} that one may have")]
    TooLong {
        /// The payload's length, bytes.
        size: usize,
        /// The longest payload that is allowed, bytes.
        limit: usize,
    },
    /// The log already holds as many topics of this family as it may.
    #[error("the log already holds {0} topics of this kind, as many as it may")]
    TooManyTopics(usize),
    /// The key was given to an entry with another payload.
    #[error("this key was given to another publication on this topic")]
    KeyReused,
    /// The journal could not be written: the disk is full, or failed. The log is as it was before.
    #[error("it cannot be stored: {0}")]
    NotStored(std::io::ErrorKind),
    /// The hub is closing.
    #[error("the hub is closing")]
    Closed,
}

/// The reason for which a subscription could not be opened or a topic not be added to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// No policy allows the topic.
    #[error("this server has no topic {0}")]
    UnknownTopic(Topic),
    /// A subscription may not follow so many.
    #[error("a connection may follow {limit} topics, not {asked}")]
    TooManyTopics {
        /// The number of topics that the connection would follow.
        asked: usize,
        /// The number of topics that a connection may follow.
        limit: usize,
    },
    /// The log already holds as many topics of this family as it may.
    #[error("the log already holds {0} topics of this kind, as many as it may")]
    LogFull(usize),
    /// The hub is closing.
    #[error("the server is stopping")]
    Closed,
}
