//! The things that a form has done.

/// Something that was done to one's own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountDone {
    /// The password is another one, and this many other sessions have ended.
    PasswordChanged {
        /// The sessions that have ended.
        ended: usize,
    },
    /// A session has ended.
    SessionEnded,
    /// Every other session has ended.
    OtherSessionsEnded {
        /// The sessions that have ended.
        ended: usize,
    },
    /// The second factor is on.
    SecondFactorOn,
    /// The second factor is off.
    SecondFactorOff,
    /// A passkey is there.
    PasskeyAdded,
    /// A passkey is gone.
    PasskeyRemoved,
    /// A browser is told of notices.
    DeviceAdded,
    /// A browser is told of no more notices.
    DeviceRemoved,
    /// A message was handed to a browser's push service.
    DeviceTested,
    /// A token is there; its secret is the page's `new_token`.
    TokenCreated,
    /// A token is refused from now on.
    TokenRevoked,
    /// Language and theme are kept.
    PreferencesKept,
}

/// Something that was done to accounts or invitations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeopleDone {
    /// An account has another role.
    RoleChanged,
    /// An account is disabled.
    Disabled,
    /// An account is enabled again.
    Enabled,
    /// An invitation is there; its link is the page's `new_link`.
    InvitationCreated,
    /// An invitation's link is refused from now on.
    InvitationRevoked,
}

/// Something that was done to notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticesDone {
    /// One or more were read.
    Read {
        /// The notices that are left unread.
        left: u64,
    },
    /// A notice was sent.
    Sent,
}
