//! The errors of talking to an engine, each a plain sentence that says what is wrong.

use std::io;

use crate::{address::EngineAddress, text, version::ApiVersion};

/// Why an engine cannot be reached, or an answer of it not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Nothing is at the path of the socket.
    #[error("there is no socket at {0}: no engine runs here, or it listens elsewhere")]
    NoSocket(String),
    /// The socket may not be opened by this process.
    #[error("this process may not open {0}: give its user the right to, for example by the socket's group")]
    NoPermission(String),
    /// Nobody listens at the address.
    #[error("nobody listens at {0}: the engine does not run")]
    NotListening(String),
    /// The connection could not be made, or broke, in another manner.
    #[error("the connection to {address} failed: {why}")]
    Connection {
        /// The address.
        address: String,
        /// The system's sentence.
        why: String,
    },
    /// The files for TLS, or what the engine said by it, cannot be used.
    #[error("TLS: {0}")]
    Tls(String),
    /// The engine closed the connection in the middle of an answer: it was ended, or the link was lost.
    #[error("the engine broke off its answer")]
    Cut,
    /// The answer did not come in time.
    #[error("the engine did not answer within {0} seconds")]
    TimedOut(u64),
    /// The answer is longer than any should be.
    #[error("the engine's answer has more than {0} bytes")]
    TooLarge(usize),
    /// The engine answered by an error.
    #[error("the engine answered {status}: {message}")]
    Status {
        /// The status of HTTP.
        status: u16,
        /// The engine's sentence, cut and cleaned.
        message: String,
    },
    /// There is no such container.
    #[error("there is no such container")]
    NoSuchContainer,
    /// The answer is not as engines write it.
    #[error("the answer is none of a container engine: {0}")]
    Malformed(String),
    /// The engine is older than what this crate reads.
    #[error("the engine speaks version {0} of the API; {oldest} is the oldest that is read", oldest = ApiVersion::OLDEST)]
    TooOld(ApiVersion),
}

impl EngineError {
    /// A short word for programs and translations, which stays what it is when the sentence changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSocket(_) => "no_socket",
            Self::NoPermission(_) => "no_permission",
            Self::NotListening(_) => "not_listening",
            Self::Connection { .. } => "connection",
            Self::Tls(_) => "tls",
            Self::Cut => "cut",
            Self::TimedOut(_) => "timed_out",
            Self::TooLarge(_) => "too_large",
            Self::Status { .. } => "status",
            Self::NoSuchContainer => "no_such_container",
            Self::Malformed(_) => "malformed",
            Self::TooOld(_) => "too_old",
        }
    }

    /// The error of a connection that was not made.
    pub(crate) fn connecting(address: &EngineAddress, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NoSocket(address.to_string()),
            io::ErrorKind::PermissionDenied => Self::NoPermission(address.to_string()),
            io::ErrorKind::ConnectionRefused => Self::NotListening(address.to_string()),
            _ => Self::Connection { address: address.to_string(), why: error.to_string() },
        }
    }

    /// The error of what cannot be read, with the engine's words in it.
    pub(crate) fn malformed(what: impl AsRef<str>) -> Self {
        Self::Malformed(text::clean(what.as_ref(), text::SENTENCE))
    }
}
