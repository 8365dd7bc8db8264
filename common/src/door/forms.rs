//! The fields of each form, as the browser sends them. No type shows itself by `Debug`: most hold a secret.

use serde::Deserialize;

use crate::{notice::NoticeLevel, role::Role};

/// The first account, and an account by invitation: both are made in one way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccountForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The secret of the link by which the page was opened.
    pub link: String,
    /// The account's name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The password again, against a slip of the finger.
    pub password_again: String,
}

/// Name and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The account's name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The address to go on to. It came from the query: only a path of this site may be followed.
    #[serde(default)]
    pub next: Option<String>,
}

/// The second factor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// Six digits, or a recovery code; spaces and hyphens in it mean nothing.
    pub code: String,
    /// The address to go on to. It came from the query: only a path of this site may be followed.
    #[serde(default)]
    pub next: Option<String>,
}

/// A form with nothing but a button: to sign out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BareForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
}

/// Another password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The account's name, for password managers; the server needs no such field.
    pub name: String,
    /// The password until now.
    pub current_password: String,
    /// The password from now on.
    pub password: String,
    /// The password from now on, again.
    pub password_again: String,
}

/// The end of a session.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRevokeForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The session to end; without it, every one but that of the request.
    #[serde(default)]
    pub session: Option<u64>,
}

/// The beginning of a second factor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotpStartForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The account's name, for password managers; the server needs no such field.
    pub name: String,
    /// The password: a session alone must not take an account over.
    pub current_password: String,
}

/// The first code of a second factor that is being set up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotpConfirmForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The factor that is being set up, as the server has signed it: it is kept nowhere else.
    pub set_up: String,
    /// Six digits; spaces in it mean nothing.
    pub code: String,
}

/// The end of the second factor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotpOffForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The account's name, for password managers; left out while the second factor is not yet on.
    #[serde(default)]
    pub name: Option<String>,
    /// The password; left out while the second factor is not yet on, since then there is nothing to protect.
    #[serde(default)]
    pub current_password: Option<String>,
}

/// A passkey's answer to the server's challenge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeySignInForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The page to go on to.
    #[serde(default)]
    pub next: Option<String>,
    /// The challenge, as the server has signed it: it is kept nowhere else.
    pub challenge: String,
    /// The answer, as JSON (WebAuthn Level 3 §5.1: `AuthenticationResponseJSON`).
    pub credential: String,
}

/// The beginning of a passkey.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyStartForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The name that its owner gives it.
    pub name: String,
    /// The password, where the sign-in was a while ago.
    #[serde(default)]
    pub current_password: Option<String>,
}

/// A passkey that the browser has made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyFinishForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The name that its owner gives it.
    pub name: String,
    /// The challenge, as the server has signed it: it is kept nowhere else.
    pub challenge: String,
    /// The passkey, as JSON (WebAuthn Level 3 §5.1: `RegistrationResponseJSON`).
    pub credential: String,
}

/// A browser that is to be told of notices, in the words of its `PushSubscription` (W3C Push API).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// Its address at its push service.
    pub endpoint: String,
    /// Its public key, in base64url.
    pub p256dh: String,
    /// Its authentication secret, in base64url.
    pub auth: String,
}

/// A new API token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// A name by which people know the token.
    pub name: String,
    /// Families of topics to read, separated by spaces.
    pub read: String,
    /// Families of topics to publish to, separated by spaces.
    pub publish: String,
    /// Families of topics to send messages to, separated by spaces.
    pub send: String,
    /// The box for connections; absent where it is not checked.
    #[serde(default)]
    pub connections: Option<String>,
    /// The box for notices; absent where it is not checked.
    #[serde(default)]
    pub notices: Option<String>,
    /// The box for agents; absent where it is not checked.
    #[serde(default)]
    pub agent: Option<String>,
    /// The days for which the token may be used; 0 is without an end.
    pub days: u32,
    /// The password; left out within a few minutes of the sign-in, and by who has none.
    #[serde(default)]
    pub current_password: Option<String>,
}

/// An account, an invitation or a token that something is done to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The number of the row.
    pub id: u64,
}

/// The role of an account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The number of the account.
    pub id: u64,
    /// The role from now on.
    pub role: Role,
}

/// A new invitation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The role of whoever accepts.
    pub role: Role,
    /// The days for which the link may be used.
    pub days: u32,
}

/// A new notice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The readers: `all`, `role:ROLE`, or `user` for the account whose name is `person`.
    pub to: String,
    /// The name of the account, where it is for one.
    pub person: String,
    /// The urgency.
    pub level: NoticeLevel,
    /// The line that it is shown by.
    pub title: String,
    /// More about it; may be empty.
    pub text: String,
    /// The page of the board that it leads to; may be empty.
    pub link: String,
    /// The days after which it expires; 0 is without an end.
    pub days: u32,
}

/// The language of whoever has not signed in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The language's tag.
    pub lang: String,
    /// The document to go back to: only a path of this site may be followed.
    pub next: String,
}

/// Language and theme, by the values of the cookies `lang` and `theme`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreferencesForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The language's tag.
    pub lang: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
}

impl TokenForm {
    /// The scopes as they are stored: `read:custom/*`, `connections`. They are not yet known to be valid.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        let families = [("read", &self.read), ("publish", &self.publish), ("send", &self.send)];
        let topics = families.into_iter().flat_map(|(verb, topics)| {
            topics.split_whitespace().map(move |family| [verb, ":", family].concat())
        });
        let boxes = [("connections", &self.connections), ("notices", &self.notices), ("agent", &self.agent)];
        let checked =
            boxes.into_iter().filter(|(_, value)| value.is_some()).map(|(scope, _)| scope.to_owned());
        topics.chain(checked).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_scope_for_each_family_and_each_checked_box() {
        let form = TokenForm {
            csrf: String::new(),
            name: "ci".into(),
            read: " custom/*  chat/lobby\n".into(),
            publish: "custom/*".into(),
            send: " ".into(),
            connections: None,
            notices: Some("on".into()),
            agent: Some("on".into()),
            days: 90,
            current_password: None,
        };
        assert_eq!(
            form.scopes(),
            ["read:custom/*", "read:chat/lobby", "publish:custom/*", "notices", "agent"]
        );
    }
}
