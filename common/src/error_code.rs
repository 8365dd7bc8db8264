//! The codes that refusals carry, on every transport.

use serde::{Deserialize, Serialize};

/// The codes of errors, for programs to match on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A query parameter or header could not be read.
    BadRequest,
    /// A topic's text is not a topic.
    BadTopic,
    /// No policy of this server allows such a topic.
    UnknownTopic,
    /// The connection would follow more topics than `limits.topics_per_connection`.
    TooManyTopics,
    /// The cursor's text is not a cursor.
    BadCursor,
    /// A frame that is not of this protocol.
    BadFrame,
    /// The page or program at this Origin or Host may not connect.
    ForbiddenOrigin,
    /// The request carries no proof of who asks, or one that is not valid any more: sign in, or send a token.
    NotSignedIn,
    /// The role, or the scopes of the token, do not reach so far.
    NotAllowed,
    /// This is for operators: the request carries no operator token, or a wrong one.
    OperatorOnly,
    /// A limit on connections or messages is reached; try again later.
    LimitReached,
    /// Nothing is at this address.
    NotFound,
    /// The address exists and does not take this method.
    MethodNotAllowed,
    /// The server is stopping.
    ShuttingDown,
    /// The message's data is not what its topic takes.
    BadMessage,
    /// The stream has ended: nothing more is written to it.
    StreamEnded,
    /// The publication could not be stored, and no one was told of it: the disk is full, or failed.
    NotStored,
    /// The servers that keep the log do not answer. Whether the publication is in it is not known: send it again under the same id or key.
    LogUnavailable,
    /// The accounts cannot be read or written now; try again later.
    StoreUnavailable,
    /// A source of the answer, such as a container engine, does not answer now; try again later.
    SourceUnavailable,
    /// The server failed. The message names the id under which its log says more.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 21] = [
        Self::BadRequest,
        Self::BadTopic,
        Self::UnknownTopic,
        Self::TooManyTopics,
        Self::BadCursor,
        Self::BadFrame,
        Self::ForbiddenOrigin,
        Self::NotSignedIn,
        Self::NotAllowed,
        Self::OperatorOnly,
        Self::LimitReached,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::ShuttingDown,
        Self::BadMessage,
        Self::StreamEnded,
        Self::NotStored,
        Self::LogUnavailable,
        Self::StoreUnavailable,
        Self::SourceUnavailable,
        Self::Internal,
    ];
}
