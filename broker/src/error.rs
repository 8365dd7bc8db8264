//! Errors of a log.

use std::time::Duration;

use common::{Seq, Topic};

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
    /// The topic's newest entry has another place than the publisher expected.
    #[error("the newest entry of this topic is {newest:?}, not the expected one")]
    Conflict {
        /// The newest entry's place, 0 for none.
        newest: Seq,
    },
    /// The journal could not be written: the disk is full, or failed. The log is as it was before.
    #[error("it cannot be stored: {0}")]
    NotStored(std::io::ErrorKind),
    /// The engine that keeps the log does not answer. Whether the publication is in the log is not known: with the same key it may be
    /// sent again.
    #[error("the log cannot be reached now; try again in {} ms", retry.as_millis())]
    Unavailable {
        /// The time after which to try again.
        retry: Duration,
    },
    /// The hub is closing.
    #[error("the hub is closing")]
    Closed,
}

/// The reason for which a broker did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    /// A broker has one subscriber, and has it already.
    #[error("the log has its subscriber already")]
    Subscribed,
    /// The engine does not answer.
    #[error("the log cannot be reached: {0}")]
    Unavailable(String),
    /// The engine, or what stands in it, cannot be used.
    #[error("{0}")]
    Unusable(String),
}
