//! The end of a try to hand on a message.

use std::time::Duration;

/// The end of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PushOutcome {
    /// The push service has taken the message.
    Delivered,
    /// The next try may succeed.
    Again {
        /// The time that the push service asks to wait.
        after: Option<Duration>,
        /// The reason, in words.
        why: String,
    },
    /// The push service does not know the subscription any more (RFC 8030 §7.3).
    Gone,
    /// No try of this message will succeed, in words.
    Rejected(String),
}
