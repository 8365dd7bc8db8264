//! The texts of one's own account.

use crate::door::done::AccountDone;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct AccountWords {
    /// Says what was done.
    pub(in crate::door) done: fn(AccountDone) -> String,

    // Password.
    /// Heading.
    pub(in crate::door) password: &'static str,
    /// Says what a change ends.
    pub(in crate::door) password_ends: &'static str,
    /// Says where password and second factor are, where they are not here.
    pub(in crate::door) at_provider: &'static str,
    /// Field.
    pub(in crate::door) current_password: &'static str,
    /// Field.
    pub(in crate::door) new_password: &'static str,
    /// Field.
    pub(in crate::door) new_password_again: &'static str,
    /// Button.
    pub(in crate::door) change_password: &'static str,

    // Second factor.
    /// Heading.
    pub(in crate::door) second_factor: &'static str,
    /// State, and the reason to change it.
    pub(in crate::door) factor_off: &'static str,
    /// Button.
    pub(in crate::door) factor_start: &'static str,
    /// Says what to do with the picture.
    pub(in crate::door) factor_scan: &'static str,
    /// The picture, for screen readers.
    pub(in crate::door) qr: &'static str,
    /// Field.
    pub(in crate::door) secret: &'static str,
    /// Says when the secret is needed.
    pub(in crate::door) secret_hint: &'static str,
    /// Link.
    pub(in crate::door) open_app: &'static str,
    /// Field.
    pub(in crate::door) first_code: &'static str,
    /// Says where it is found.
    pub(in crate::door) first_code_hint: &'static str,
    /// Button.
    pub(in crate::door) factor_confirm: &'static str,
    /// Button.
    pub(in crate::door) factor_cancel: &'static str,
    /// State.
    pub(in crate::door) factor_on: &'static str,
    /// Follows the state.
    pub(in crate::door) codes_left: fn(u32) -> String,
    /// Title.
    pub(in crate::door) new_codes: &'static str,
    /// Says what to do with them.
    pub(in crate::door) new_codes_hint: &'static str,
    /// Opens the form that turns it off.
    pub(in crate::door) factor_off_ask: &'static str,
    /// Says what is lost.
    pub(in crate::door) factor_off_loss: &'static str,
    /// Button.
    pub(in crate::door) factor_off_button: &'static str,

    // Passkeys.
    /// Heading.
    pub(in crate::door) passkeys: &'static str,
    /// Says what they are for.
    pub(in crate::door) passkeys_hint: &'static str,
    /// List.
    pub(in crate::door) no_passkeys: &'static str,
    /// Says why none can be added.
    pub(in crate::door) passkeys_elsewhere: &'static str,
    /// Fact.
    pub(in crate::door) passkey_domain: &'static str,
    /// Opens the form.
    pub(in crate::door) add_passkey: &'static str,
    /// Field.
    pub(in crate::door) passkey_name: &'static str,
    /// Says what the name is for.
    pub(in crate::door) passkey_name_hint: &'static str,
    /// Says why the password is asked for.
    pub(in crate::door) passkey_password: &'static str,
    /// Says why to sign in again.
    pub(in crate::door) passkey_sign_in: &'static str,
    /// Button.
    pub(in crate::door) passkey_start: &'static str,
    /// Says what happens next.
    pub(in crate::door) passkey_starting: &'static str,
    /// Says what the browser lacks.
    pub(in crate::door) passkey_needs: &'static str,
    /// Button.
    pub(in crate::door) passkey_make: &'static str,
    /// Says that the browser made none.
    pub(in crate::door) passkey_failed: &'static str,
    /// Opens the form that removes it.
    pub(in crate::door) remove_passkey_ask: &'static str,
    /// Says what is lost.
    pub(in crate::door) remove_passkey_loss: &'static str,
    /// Button.
    pub(in crate::door) remove_passkey: &'static str,
    /// Its name, from the passkey's.
    pub(in crate::door) remove_passkey_ask_of: fn(&str) -> String,
    /// Its name, from the passkey's.
    pub(in crate::door) remove_passkey_of: fn(&str) -> String,

    // Sessions.
    /// Heading.
    pub(in crate::door) sessions: &'static str,
    /// Says what the list is for.
    pub(in crate::door) sessions_hint: &'static str,
    /// Marks the session of the request.
    pub(in crate::door) this_session: &'static str,
    /// Fact.
    pub(in crate::door) address: &'static str,
    /// Fact.
    pub(in crate::door) last_seen: &'static str,
    /// Fact.
    pub(in crate::door) begun: &'static str,
    /// Button.
    pub(in crate::door) end_session: &'static str,
    /// Button's name, from program and address.
    pub(in crate::door) end_session_of: fn(&str, &str) -> String,
    /// Opens the question.
    pub(in crate::door) end_others_ask: &'static str,
    /// Says what is lost.
    pub(in crate::door) end_others_loss: fn(usize) -> String,
    /// Button.
    pub(in crate::door) end_others: &'static str,

    // Tokens.
    /// Heading.
    pub(in crate::door) tokens: &'static str,
    /// Says what they are for.
    pub(in crate::door) tokens_hint: &'static str,
    /// There are none.
    pub(in crate::door) no_tokens: &'static str,
    /// Says that a token is there, from its name.
    pub(in crate::door) new_token: fn(&str) -> String,
    /// Field.
    pub(in crate::door) token_secret: &'static str,
    /// Says that it cannot be shown again.
    pub(in crate::door) shown_once: &'static str,
    /// Marks a token that is refused.
    pub(in crate::door) expired: &'static str,
    /// Fact.
    pub(in crate::door) scopes: &'static str,
    /// Fact.
    pub(in crate::door) last_used: &'static str,
    /// Fact.
    pub(in crate::door) expires: &'static str,
    /// Fact.
    pub(in crate::door) created: &'static str,
    /// Opens the question.
    pub(in crate::door) revoke: &'static str,
    /// Its name, from the token's.
    pub(in crate::door) revoke_of: fn(&str) -> String,
    /// Says what is lost.
    pub(in crate::door) revoke_loss: &'static str,
    /// Button.
    pub(in crate::door) revoke_token: &'static str,
    /// Button's name, from the token's.
    pub(in crate::door) revoke_token_of: fn(&str) -> String,
    /// Opens the form.
    pub(in crate::door) create_token: &'static str,
    /// Field.
    pub(in crate::door) token_name: &'static str,
    /// Example.
    pub(in crate::door) token_name_hint: &'static str,
    /// Names a group of fields.
    pub(in crate::door) token_may: &'static str,
    /// Says how topics are written.
    pub(in crate::door) topics_hint: &'static str,
    /// Field.
    pub(in crate::door) may_read: &'static str,
    /// Field.
    pub(in crate::door) may_publish: &'static str,
    /// Field.
    pub(in crate::door) may_send: &'static str,
    /// Box.
    pub(in crate::door) may_connections: &'static str,
    /// Box.
    pub(in crate::door) may_notify: &'static str,
    /// Box.
    pub(in crate::door) may_agent: &'static str,
    /// Field.
    pub(in crate::door) expires_after: &'static str,
    /// Button.
    pub(in crate::door) create_token_button: &'static str,
    /// Says why the password is asked for.
    pub(in crate::door) token_password: &'static str,
    /// Says why one has to sign in again.
    pub(in crate::door) token_sign_in: &'static str,
    /// Link to the sign-in page.
    pub(in crate::door) token_sign_in_link: &'static str,

    // Preferences.
    /// Heading.
    pub(in crate::door) preferences: &'static str,
    /// Says how far they reach.
    pub(in crate::door) preferences_hint: &'static str,
    /// Field.
    pub(in crate::door) theme: &'static str,
    /// Button.
    pub(in crate::door) save: &'static str,
}
