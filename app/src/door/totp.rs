//! The second factor of an account: codes by time (RFC 6238) from an authenticator app.

use common::door::paths;
use leptos::prelude::*;

use super::{
    context::DoorContext,
    form::{asks_once, button, danger_button, form, hidden, main_button, whole_text},
    passwords::{account_name, current_password},
    problem::FormProblem,
    second_factor::code_field,
    words::AccountWords,
};

/// The state of the second factor.
#[derive(Clone)]
pub enum SecondFactorState {
    /// It is off.
    Off,
    /// It is being set up: nothing is asked for at sign-in before the first code is confirmed.
    Starting {
        /// The secret, in base32.
        secret: String,
        /// The secret as the form brings it back, signed.
        set_up: String,
        /// The address by which authenticator apps take the secret over (`otpauth://totp/…`).
        uri: String,
        /// That address as a picture: an SVG without scripts and without `style`.
        qr_svg: Option<String>,
    },
    /// It is on.
    On {
        /// The recovery codes that were not yet used.
        codes_left: u32,
        /// The recovery codes, right after it was turned on: they are shown this once.
        new_codes: Vec<String>,
    },
}

impl std::fmt::Debug for SecondFactorState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Off => "Off",
            Self::Starting { .. } => "Starting",
            Self::On { .. } => "On",
        })
    }
}

/// The section's contents. The keyboard begins in the field of the first code, if it `is_first`.
pub(super) fn section(
    context: &DoorContext,
    name: &str,
    state: SecondFactorState,
    problem: Option<&FormProblem>,
    is_first: bool,
) -> AnyView {
    match state {
        SecondFactorState::Off => off(context, name, problem),
        SecondFactorState::Starting { secret, set_up, uri, qr_svg } => {
            starting(context, &secret, (set_up, uri, qr_svg), problem, is_first)
        }
        SecondFactorState::On { codes_left, new_codes } => on(context, name, codes_left, new_codes, problem),
    }
}

fn off(context: &DoorContext, name: &str, problem: Option<&FormProblem>) -> AnyView {
    let words = AccountWords::of(context.language);
    let fields = view! {
        {account_name(name)}
        {current_password("totp-password", words.current_password).view(problem)}
        {button(words.factor_start, None)}
    };
    view! {
        <p class="field__hint">{words.factor_off}</p>
        {form(context, paths::ACCOUNT_TOTP_START, "door__form", fields.into_any())}
    }
    .into_any()
}

fn starting(
    context: &DoorContext,
    secret: &str,
    (set_up, uri, qr_svg): (String, String, Option<String>),
    problem: Option<&FormProblem>,
    is_first: bool,
) -> AnyView {
    let words = AccountWords::of(context.language);
    let picture = qr_svg.map(|svg| {
        view! { <div class="qr" role="img" aria-label=words.qr inner_html=svg></div> }
    });
    let confirm = view! {
        {hidden("set_up", set_up)}
        {code_field(words.first_code, words.first_code_hint, is_first).view(problem)}
        {main_button(words.factor_confirm)}
    };
    view! {
        <p class="field__hint">{words.factor_scan}</p>
        <div class="door__factor">
            {picture}
            <div class="door__factor-text">
                {whole_text("totp-secret", words.secret, words.secret_hint, in_fours(secret))}
                <a class="button" href=uri>
                    {words.open_app}
                </a>
            </div>
        </div>
        {form(context, paths::ACCOUNT_TOTP_CONFIRM, "door__form", confirm.into_any())}
        {form(context, paths::ACCOUNT_TOTP_OFF, "door__act", button(words.factor_cancel, None))}
    }
    .into_any()
}

fn on(
    context: &DoorContext,
    name: &str,
    codes_left: u32,
    new_codes: Vec<String>,
    problem: Option<&FormProblem>,
) -> AnyView {
    let words = AccountWords::of(context.language);
    let codes = (!new_codes.is_empty()).then(|| {
        let codes: Vec<_> =
            new_codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect();
        view! {
            // Shown once, so the document opens at it.
            <div class="door__secret" id="recovery-codes" role="status" tabindex="-1" autofocus>
                <p class="door__secret-title">{words.new_codes}</p>
                <p class="field__hint">{words.new_codes_hint}</p>
                <ul class="codes">{codes}</ul>
            </div>
        }
    });
    let fields = view! {
        {account_name(name)}
        {current_password("totp-password", words.current_password).view(problem)}
        {danger_button(words.factor_off_button, None)}
    };
    let off = form(context, paths::ACCOUNT_TOTP_OFF, "door__form", fields.into_any());
    // Open where its form was refused, or it would hide the field to mend.
    let off = if problem.is_some() {
        view! { <p class="field__hint">{words.factor_off_loss}</p> {off} }.into_any()
    } else {
        asks_once(
            words.factor_off_ask,
            words.factor_off_ask.to_owned(),
            words.factor_off_loss.to_owned(),
            off,
        )
    };
    view! {
        <p class="field__hint">{[words.factor_on, " ", &(words.codes_left)(codes_left)].concat()}</p>
        {codes}
        {off}
    }
    .into_any()
}

/// Letters in groups of four, as people type them.
fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().filter(|letter| !letter.is_whitespace()).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::in_fours;

    #[test]
    fn a_secret_is_written_in_groups_of_four() {
        assert_eq!(in_fours("JBSWY3DPEHPK3PXPAB"), "JBSW Y3DP EHPK 3PXP AB");
        assert_eq!(in_fours("JB SW Y3DP"), "JBSW Y3DP");
    }
}
