//! The reasons for which a form was not accepted.

use super::dashboards::DashboardFault;

/// The reason for which a form was not accepted. Its sentence says what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormProblem {
    /// No account has this name and password; a disabled account is told the same.
    WrongCredentials,
    /// Too many tries have failed.
    TooManyAttempts {
        /// Seconds until the next try is looked at.
        retry_after_s: u64,
    },
    /// The session has ended, so that it has to be begun anew.
    SessionEnded,
    /// The form was without the cookie that belongs to it: it is too old, or the browser keeps no cookies for this site.
    FormExpired,
    /// The accounts cannot be read or written now.
    StoreUnavailable {
        /// The id in the server's log.
        id: Option<String>,
    },
    /// The name is empty, too long, or has characters that a name may not have.
    NameInvalid,
    /// The name belongs to another account.
    NameTaken,
    /// The password is too short.
    PasswordTooShort,
    /// The password is too long.
    PasswordTooLong,
    /// The password is on a list of leaked ones, or is made of the account's name.
    PasswordGuessable,
    /// The two new passwords are not the same.
    PasswordsDiffer,
    /// The password until now is another one.
    WrongPassword,
    /// The sign-in was a while ago, and the password did not come with the form.
    PasswordNeeded,
    /// The sign-in was a while ago, and the account has no password here.
    SignInNeeded,
    /// The code is wrong, too old, or was used before.
    WrongCode,
    /// The recovery code is wrong, or was used before.
    WrongRecoveryCode,
    /// The browser's answer is none to the challenge, or by a passkey that no account has.
    PasskeyRefused,
    /// The passkey is registered already.
    PasskeyTaken,
    /// The passkey has no name, or too long a one.
    PasskeyNameInvalid,
    /// A browser's push service is none that the server would ask.
    PushServiceInvalid,
    /// A browser's keys are none.
    PushKeysInvalid,
    /// A browser's push service does not know it any more, so it was removed.
    PushGone,
    /// A browser's push service did not take the test.
    PushTestFailed {
        /// The reason, in English words of the server.
        reason: String,
    },
    /// The token has no name, or too long a one.
    TokenNameInvalid,
    /// The token would be allowed nothing.
    NoScope,
    /// A family of topics is none. It may stand with its verb, as in `read:A`.
    BadScope(String),
    /// A notice's title is empty, too long or more than a line.
    NoticeTitleInvalid,
    /// A notice's text is too long, or has control characters.
    NoticeTextInvalid,
    /// A notice's link leads elsewhere.
    NoticeLinkInvalid,
    /// A notice is for an account that there is not.
    NoticePersonUnknown,
    /// The name of a dashboard is empty, too long, or has characters that a name may not have.
    DashboardNameInvalid,
    /// A dashboard, or a card of it, is not kept.
    DashboardInvalid(DashboardFault),
    /// A probe, a target or a dashboard makes no sense.
    SourceInvalid {
        /// The reason, in English words of the server.
        reason: String,
    },
    /// The name is that of another probe, target or dashboard.
    SourceNameTaken,
    /// Someone else has changed it meanwhile.
    ChangedMeanwhile,
    /// More was sent than one address may.
    TooFast,
    /// The team would be left without an active administrator.
    LastAdmin,
    /// There is no such account, invitation, session, passkey or token any more.
    Gone,
    /// There are as many of these as there may be.
    TooMany {
        /// The most that there may be.
        most: u64,
    },
}

impl FormProblem {
    /// The name of the field that it is about; none where it is about the whole form.
    #[must_use]
    pub(super) const fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::NameInvalid
            | Self::NameTaken
            | Self::PasskeyNameInvalid
            | Self::TokenNameInvalid
            | Self::SourceNameTaken
            | Self::DashboardNameInvalid => "name",
            Self::WrongCredentials
            | Self::PasswordTooShort
            | Self::PasswordTooLong
            | Self::PasswordGuessable => "password",
            Self::PasswordsDiffer => "password_again",
            Self::WrongPassword | Self::PasswordNeeded => "current_password",
            Self::WrongCode | Self::WrongRecoveryCode => "code",
            Self::NoScope | Self::BadScope(_) => "read",
            Self::NoticeTitleInvalid => "title",
            Self::NoticeTextInvalid => "text",
            Self::NoticeLinkInvalid => "link",
            Self::NoticePersonUnknown => "person",
            Self::TooManyAttempts { .. }
            | Self::SessionEnded
            | Self::SignInNeeded
            | Self::PasskeyRefused
            | Self::PasskeyTaken
            | Self::PushServiceInvalid
            | Self::PushKeysInvalid
            | Self::PushGone
            | Self::SourceInvalid { .. }
            | Self::DashboardInvalid(_)
            | Self::ChangedMeanwhile
            | Self::PushTestFailed { .. }
            | Self::FormExpired
            | Self::StoreUnavailable { .. }
            | Self::TooFast
            | Self::LastAdmin
            | Self::Gone
            | Self::TooMany { .. } => return None,
        })
    }

    /// The id to quote, where there is one.
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::StoreUnavailable { id } => id.as_deref(),
            _ => None,
        }
    }
}
