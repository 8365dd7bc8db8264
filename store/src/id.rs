//! Numbers of rows. A store never gives one out twice.

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids![
    /// The number of a user.
    UserId,
    /// The number of a session. It is no secret.
    SessionId,
    /// The number of a token. It is no secret.
    TokenId,
    /// The number of an invitation. It is no secret.
    InvitationId,
    /// The number of a notice. It is no secret.
    NoticeId,
    /// The number of a passkey. It is no secret.
    PasskeyId,
    /// The number of a push subscription. It is no secret.
    PushSubscriptionId,
    /// The number of a host. Its name is a [`HostId`](common::host::HostId).
    HostNumber,
    /// The number of a code by which an agent enrols. It is no secret.
    EnrolmentId,
    /// The number of a source. It is no secret.
    SourceNumber,
    /// The number of a dashboard. It is no secret.
    DashboardId,
];

impl UserId {
    /// No account: whoever uses a server that has none, and proofs behind which there is none.
    pub const NOBODY: Self = Self(0);
}
