//! The reasons for which nobody was signed in by the provider.

/// The reason for which nobody was signed in by the provider. Its sentence says what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderProblem {
    /// The provider does not answer, or not as one does (status 502).
    Away {
        /// The id in the server's log.
        id: String,
    },
    /// The way back is not that of a sign-in which this browser has begun a moment ago (status 403).
    Expired,
    /// The provider has not signed the reader in, or the reader has changed their mind (status 403).
    Declined,
    /// The provider says something that cannot be believed (status 502).
    Invalid {
        /// The id in the server's log.
        id: String,
    },
    /// The provider knows the reader, and gives no role here (status 403).
    NoRole,
    /// The provider knows the reader, and no account here is theirs (status 403).
    NoAccount {
        /// The provider's word for the reader, by which an administrator binds an account.
        subject: String,
    },
}

impl ProviderProblem {
    /// The id to quote, where there is one.
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::Away { id } | Self::Invalid { id } => Some(id),
            _ => None,
        }
    }

    /// The provider's word for the reader, where an administrator needs it.
    pub(super) fn subject(&self) -> Option<&str> {
        match self {
            Self::NoAccount { subject } => Some(subject),
            _ => None,
        }
    }
}
