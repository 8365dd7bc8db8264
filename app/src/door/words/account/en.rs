//! The texts of one's own account, in English.

use super::text::AccountWords;
use crate::door::done::AccountDone;

pub(super) const EN: AccountWords = AccountWords {
    done: |done| match done {
        AccountDone::PasswordChanged { ended } => {
            ["Your password is changed. ", &ended_sessions(ended)].concat()
        }
        AccountDone::SessionEnded => "The session has ended.".into(),
        AccountDone::OtherSessionsEnded { ended } => ended_sessions(ended),
        AccountDone::SecondFactorOn => "The second factor is on.".into(),
        AccountDone::SecondFactorOff => {
            "The second factor is off. Your password alone is enough to sign in.".into()
        }
        AccountDone::PasskeyAdded => "The passkey is added. You can sign in with it from now on.".into(),
        AccountDone::PasskeyRemoved => "The passkey is removed.".into(),
        AccountDone::DeviceAdded => "The device is added. It shows your notices from now on.".into(),
        AccountDone::DeviceRemoved => "The device is removed.".into(),
        AccountDone::DeviceTested => {
            "The test is sent. If the device is on and nothing shows, look at its settings for notifications."
                .into()
        }
        AccountDone::TokenCreated => "The token is ready. Copy it now.".into(),
        AccountDone::TokenRevoked => "The token is revoked.".into(),
        AccountDone::PreferencesKept => "Language and theme are saved.".into(),
    },

    // Password.
    password: "Password",
    password_ends: "Changing it signs you out everywhere else. API tokens keep working.",
    at_provider: "You sign in at your provider. Password and second factor are kept and changed there.",
    current_password: "Current password",
    new_password: "New password",
    new_password_again: "New password again",
    change_password: "Change password",

    // Second factor.
    second_factor: "Second factor",
    factor_off: "Off. With a second factor, a stolen password is not enough to sign in: a code from an app on your phone is asked for, too.",
    factor_start: "Set up second factor",
    factor_scan: "Scan the picture with an authenticator app, then enter the code that the app shows.",
    qr: "QR code with the key below",
    secret: "Key",
    secret_hint: "For an app that cannot scan: type or copy it.",
    open_app: "Open in an app on this device",
    first_code: "Code from the app",
    first_code_hint: "Six digits. The second factor is on once this code is accepted.",
    factor_confirm: "Turn on",
    factor_cancel: "Cancel set-up",
    factor_on: "On. Signing in asks for a code from your authenticator app.",
    codes_left: |left| match left {
        0 => {
            "You have no recovery codes left: turn the second factor off and on again to get new ones.".into()
        }
        1 => "You have 1 recovery code left.".into(),
        left => ["You have ", &left.to_string(), " recovery codes left."].concat(),
    },
    new_codes: "Save your recovery codes",
    new_codes_hint: "Each signs you in once if you lose your phone. Keep them somewhere safe: they are not shown again.",
    factor_off_ask: "Turn off…",
    factor_off_loss: "Your password alone will be enough to sign in, and your recovery codes stop working.",
    factor_off_button: "Turn off second factor",

    // Passkeys.
    passkeys: "Passkeys",
    passkeys_hint: "With a passkey you sign in by the fingerprint, face or PIN of your device: no password and no code is asked for.",
    no_passkeys: "You have no passkeys.",
    passkeys_elsewhere: "None can be added here: passkeys belong to a domain, and this page was opened by an IP address.",
    passkey_domain: "For",
    add_passkey: "Add a passkey",
    passkey_name: "Name",
    passkey_name_hint: "The device that keeps it, such as: my phone.",
    passkey_password: "A passkey signs you in, so this is asked for unless you have just signed in.",
    passkey_sign_in: "A passkey signs you in. You signed in more than ten minutes ago, so sign in again first.",
    passkey_start: "Continue",
    passkey_starting: "Your browser now asks where to keep the passkey, and for your fingerprint, face or PIN.",
    passkey_needs: "This browser cannot make one here: passkeys need JavaScript and an HTTPS address.",
    passkey_make: "Create passkey",
    passkey_failed: "The browser made no passkey: it was cancelled, took too long, or this device keeps one for your account already. Try again.",
    remove_passkey_ask: "Remove…",
    remove_passkey_loss: "It signs you in no longer. Delete it from your device, too: this page cannot.",
    remove_passkey: "Remove passkey",
    remove_passkey_ask_of: |name| ["Remove… ", name].concat(),
    remove_passkey_of: |name| ["Remove passkey ", name].concat(),

    // Sessions.
    sessions: "Sessions",
    sessions_hint: "Browsers that are signed in to your account. End those that you do not recognize, then change your password.",
    this_session: "This browser",
    address: "Address",
    last_seen: "Last seen",
    begun: "Signed in",
    end_session: "End",
    end_session_of: |program, address| ["End session: ", program, ", ", address].concat(),
    end_others_ask: "Sign out everywhere else…",
    end_others_loss: |others| match others {
        1 => "1 other session ends at once, and its open pages stop updating.".into(),
        others => {
            [&others.to_string(), " other sessions end at once, and their open pages stop updating."].concat()
        }
    },
    end_others: "Sign out everywhere else",

    // Tokens.
    tokens: "API tokens",
    tokens_hint: "For programs. A token may do what is listed here, and never more than your role allows.",
    no_tokens: "You have no API tokens.",
    new_token: |name| ["The new token: ", name].concat(),
    token_secret: "Token",
    shown_once: "Copy it now: it is not shown again.",
    expired: "Expired",
    scopes: "Scopes",
    last_used: "Last used",
    expires: "Expires",
    created: "Created",
    revoke: "Revoke…",
    revoke_of: |name| ["Revoke… ", name].concat(),
    revoke_loss: "Programs that use this token are refused at once. This cannot be undone.",
    revoke_token: "Revoke token",
    revoke_token_of: |name| ["Revoke token ", name].concat(),
    create_token: "Create a token",
    token_name: "Name",
    token_name_hint: "What it is for, such as: backup script.",
    token_may: "The token may",
    topics_hint: "Topics: * for all, or families such as custom/*, separated by spaces. Leave empty for none.",
    may_read: "Read topics",
    may_publish: "Publish to topics",
    may_send: "Send messages to topics",
    may_connections: "List, follow and end connections",
    may_notify: "Send notices, and see who has read them",
    may_agent: "Report a host's figures",
    expires_after: "Expires after",
    create_token_button: "Create token",
    token_password: "A token works on after you sign out, so this is asked for unless you have just signed in.",
    token_sign_in: "A token works on after you sign out. You signed in more than ten minutes ago, so sign in again first.",
    token_sign_in_link: "Sign in again",

    // Preferences.
    preferences: "Language and theme",
    preferences_hint: "Saved in this browser.",
    theme: "Theme",
    save: "Save",
};

fn ended_sessions(ended: usize) -> String {
    match ended {
        0 => "There was no other session to end.".into(),
        1 => "1 other session has ended.".into(),
        ended => [&ended.to_string(), " other sessions have ended."].concat(),
    }
}
