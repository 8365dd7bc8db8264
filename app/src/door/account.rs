//! One's own account: password, second factor, passkeys, sessions, API tokens, language and theme.

use common::door::{PASSWORD_MIN_CHARS, paths};
use leptos::prelude::*;

use super::{
    context::{DoorContext, DoorUser},
    devices::{self, DeviceRow},
    document::{DoorPage, document},
    done::AccountDone,
    form::{choose, done_box, form, main_button, section, shared},
    passkeys::{self, NewPasskeyStep, PasskeyRow},
    passwords::{account_name, current_password, new_password},
    problem::FormProblem,
    sessions::{self, SessionRow},
    tokens::{self, NewToken, Reauthentication, TokenDraft, TokenRow},
    totp::{self, SecondFactorState},
    words::{AccountWords, DeviceWords, EntryWords},
};
use crate::i18n::{Language, Words};

/// The page of one's own account.
#[derive(Debug, Clone)]
pub struct AccountPage {
    /// The account.
    pub user: DoorUser,
    /// Its sessions, the newest first.
    pub sessions: Vec<SessionRow>,
    /// Its passkeys, the newest first.
    pub passkeys: Vec<PasskeyRow>,
    /// The next step to another one.
    pub passkey_step: NewPasskeyStep,
    /// Its browsers that are told of notices, the newest first.
    pub devices: Vec<DeviceRow>,
    /// The server's public key, to which a browser subscribes.
    pub push_key: String,
    /// Its API tokens, the newest first.
    pub tokens: Vec<TokenRow>,
    /// The token that was just made: its secret is shown this once.
    pub new_token: Option<NewToken>,
    /// The form of a new token that was refused; empty otherwise.
    pub token_draft: TokenDraft,
    /// The account has a password; without one it signs in at the provider alone.
    pub has_password: bool,
    /// The proof that a new token or passkey needs.
    pub reauthentication: Reauthentication,
    /// The state of the second factor.
    pub second_factor: SecondFactorState,
    /// The form that was not accepted.
    pub problem: Option<AccountProblem>,
    /// The thing that was done.
    pub done: Option<AccountDone>,
}

/// A form of the account's page that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountProblem {
    /// The section in which the form stands.
    pub section: AccountSection,
    /// The reason.
    pub problem: FormProblem,
}

/// A section of the account's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountSection {
    /// The password.
    Password,
    /// The second factor.
    SecondFactor,
    /// The passkeys.
    Passkeys,
    /// The sessions.
    Sessions,
    /// Notices on devices.
    Devices,
    /// The API tokens.
    Tokens,
    /// Language and theme.
    Preferences,
}

/// Renders the document at [`paths::ACCOUNT`], which every form of [`paths`] that begins with it is answered by, too.
#[must_use]
pub fn account(context: &DoorContext, page: AccountPage) -> String {
    let words = AccountWords::of(context.language);
    let of = |section: AccountSection| {
        page.problem.as_ref().filter(|problem| problem.section == section).map(|problem| &problem.problem)
    };
    let role = shared(context).role;
    let body = view! {
        <p class="door__lead">{[page.user.name.as_str(), " · ", role(page.user.role)].concat()}</p>
        {page.done.map(|done| done_box((words.done)(done)))}
        {section(
            context,
            "change-password",
            words.password,
            of(AccountSection::Password),
            if page.has_password {
                password(context, &page.user.name, of(AccountSection::Password))
            } else {
                view! { <p class="field__hint">{words.at_provider}</p> }.into_any()
            },
        )}
        {page.has_password.then(|| section(
            context,
            "second-factor",
            words.second_factor,
            of(AccountSection::SecondFactor),
            totp::section(
                context,
                &page.user.name,
                page.second_factor.clone(),
                of(AccountSection::SecondFactor),
                page.problem.is_none(),
            ),
        ))}
        {section(
            context,
            "passkeys",
            words.passkeys,
            of(AccountSection::Passkeys),
            passkeys::section(
                context,
                page.passkeys.clone(),
                (page.passkey_step.clone(), page.reauthentication),
                of(AccountSection::Passkeys),
            ),
        )}
        {section(
            context,
            "sessions",
            words.sessions,
            of(AccountSection::Sessions),
            sessions::section(context, page.sessions.clone()),
        )}
        {section(
            context,
            "devices",
            DeviceWords::of(context.language).title,
            of(AccountSection::Devices),
            devices::section(context, page.push_key.clone(), page.devices.clone()),
        )}
        {section(
            context,
            "tokens",
            words.tokens,
            of(AccountSection::Tokens),
            tokens::section(
                context,
                page.tokens.clone(),
                page.new_token.clone(),
                (page.token_draft.clone(), page.reauthentication),
                of(AccountSection::Tokens),
            ),
        )}
        {section(
            context,
            "preferences",
            words.preferences,
            of(AccountSection::Preferences),
            preferences(context),
        )}
    };
    let (title, is_refused) = (shared(context).account, page.problem.is_some());
    document(context, DoorPage { title, is_refused, path: Some(paths::ACCOUNT), body: body.into_any() })
}

fn password(context: &DoorContext, name: &str, problem: Option<&FormProblem>) -> AnyView {
    let (words, entry) = (AccountWords::of(context.language), EntryWords::of(context.language));
    let fields = view! {
        {account_name(name)}
        {current_password("current_password", words.current_password).view(problem)}
        {new_password("password", words.new_password, Some((entry.password_hint)(PASSWORD_MIN_CHARS)), false)
            .view(problem)}
        {new_password("password_again", words.new_password_again, None, false).view(problem)}
        {main_button(words.change_password)}
    };
    view! {
        <p class="field__hint">{words.password_ends}</p>
        {form(context, paths::ACCOUNT_PASSWORD, "door__form", fields.into_any())}
    }
    .into_any()
}

fn preferences(context: &DoorContext) -> AnyView {
    let (words, shared) = (AccountWords::of(context.language), Words::of(context.language));
    let languages = Language::ALL
        .map(|one| (one.tag().to_owned(), one.name().to_owned(), one == context.language))
        .into();
    let theme = context.theme.as_deref().unwrap_or("system");
    let themes =
        [("system", shared.theme_system), ("light", shared.theme_light), ("dark", shared.theme_dark)]
            .map(|(value, name)| (value.to_owned(), name.to_owned(), value == theme))
            .into();
    let fields = view! {
        <div class="door__pair">
            {choose("lang".into(), "lang", shared.language.into(), true, languages)}
            {choose("theme".into(), "theme", words.theme.into(), true, themes)}
        </div>
        {main_button(words.save)}
    };
    view! {
        <p class="field__hint">{words.preferences_hint}</p>
        {form(context, paths::ACCOUNT_PREFERENCES, "door__form", fields.into_any())}
    }
    .into_any()
}
