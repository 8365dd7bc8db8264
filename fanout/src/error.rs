//! Errors of subscribing.

use common::Topic;

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
