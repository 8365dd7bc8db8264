//! Passkeys (WebAuthn): how one signs in with them, and the list of one's own. The browser is asked by a script;
//! without it everything else works.

use common::door::paths;
use leptos::prelude::*;

use super::{
    context::DoorContext,
    field::Field,
    form::{asks_once, danger_button, fact, form, hidden, main_button, row_id, shared, time},
    passwords::current_password,
    problem::FormProblem,
    tokens::Reauthentication,
    words::{AccountWords, EntryWords},
};

/// The script that asks the browser for a passkey and puts it into its form. The policy of a document that has it names its hash, so
/// every byte between the tags is this text.
pub const PASSKEY_SCRIPT: &str = include_str!("passkeys.js");

/// A question to the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyChallenge {
    /// The options for the browser, as JSON (WebAuthn Level 3 §5.1: `PublicKeyCredentialCreationOptionsJSON`, or `…RequestOptionsJSON`).
    pub options: String,
    /// The challenge as the form brings it back, signed.
    pub challenge: String,
}

/// A passkey of the account.
#[derive(Debug, Clone)]
pub struct PasskeyRow {
    /// Its number.
    pub id: u64,
    /// The name that its owner gave it.
    pub name: String,
    /// The domain that it belongs to.
    pub domain: String,
    /// The moment at which it was made, Unix milliseconds.
    pub created: u64,
    /// The moment at which it was last used; none where it never was.
    pub last_used: Option<u64>,
}

/// The next step to a new passkey.
#[derive(Debug, Clone, Default)]
pub enum NewPasskeyStep {
    /// The page was opened by an IP address, for which no browser makes one.
    Elsewhere,
    /// It is given a name.
    #[default]
    Name,
    /// The browser makes it.
    Make {
        /// Its name.
        name: String,
        /// The question to the browser.
        challenge: PasskeyChallenge,
    },
}

/// The form that the script fills and sends. It is hidden until the script has seen that the browser can.
fn asking_form(
    context: &DoorContext,
    (path, verb): (&'static str, &'static str),
    question: PasskeyChallenge,
    fields: AnyView,
    failed: &'static str,
) -> AnyView {
    view! {
        <form
            class="door__form"
            method="post"
            action=context.href(path)
            data-passkey=verb
            data-options=question.options
            hidden
        >
            <input type="hidden" name="csrf" value=context.csrf.clone() />
            {hidden("challenge", question.challenge)}
            {hidden("credential", String::new())}
            <p class="door__problem" role="alert" hidden>
                {failed}
            </p>
            {fields}
        </form>
        <script inner_html=PASSKEY_SCRIPT></script>
    }
    .into_any()
}

/// The way in by a passkey.
pub(super) fn sign_in(context: &DoorContext, question: PasskeyChallenge, next: Option<String>) -> AnyView {
    let words = EntryWords::of(context.language);
    let fields = view! {
        {next.map(|next| hidden("next", next))}
        <button class="button" type="submit">{words.by_passkey}</button>
    };
    asking_form(context, (paths::SIGN_IN_PASSKEY, "get"), question, fields.into_any(), words.no_passkey)
}

/// The section's contents.
pub(super) fn section(
    context: &DoorContext,
    rows: Vec<PasskeyRow>,
    (step, missing): (NewPasskeyStep, Reauthentication),
    problem: Option<&FormProblem>,
) -> AnyView {
    let words = AccountWords::of(context.language);
    let list = if rows.is_empty() {
        view! { <p class="door__none">{words.no_passkeys}</p> }.into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|passkey| row(context, passkey)).collect();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let add = match step {
        NewPasskeyStep::Elsewhere => {
            view! { <p class="field__hint">{words.passkeys_elsewhere}</p> }.into_any()
        }
        NewPasskeyStep::Make { name, challenge } => make(context, name, challenge),
        NewPasskeyStep::Name => {
            let start = match missing {
                Reauthentication::SignIn => super::tokens::sign_in_again(context, words.passkey_sign_in),
                _ => start(context, missing, problem),
            };
            // Open where its form was refused, or it would hide the reason.
            view! {
                <details class="door__more" open=problem.is_some_and(|problem| problem.field().is_some())>
                    <summary>{words.add_passkey}</summary>
                    {start}
                </details>
            }
            .into_any()
        }
    };
    view! {
        <p class="field__hint">{words.passkeys_hint}</p>
        {list}
        {add}
    }
    .into_any()
}

fn start(context: &DoorContext, missing: Reauthentication, problem: Option<&FormProblem>) -> AnyView {
    let words = AccountWords::of(context.language);
    let name = Field {
        id: "passkey-name",
        name: "name",
        label: words.passkey_name,
        hint: Some(words.passkey_name_hint.to_owned()),
        autocomplete: "off",
        max_chars: Some(64),
        ..Field::default()
    };
    let password = (missing == Reauthentication::Password).then(|| {
        let field = current_password("passkey-password", words.current_password);
        Field { hint: Some(words.passkey_password.to_owned()), ..field }.view(problem)
    });
    let fields = view! {
        {name.view(problem)}
        {password}
        {main_button(words.passkey_start)}
    };
    form(context, paths::ACCOUNT_PASSKEYS_START, "door__form", fields.into_any())
}

fn make(context: &DoorContext, name: String, question: PasskeyChallenge) -> AnyView {
    let words = AccountWords::of(context.language);
    let fields = view! {
        <p class="field__hint">{words.passkey_starting}</p>
        {hidden("name", name)}
        {main_button(words.passkey_make)}
    };
    let at = (paths::ACCOUNT_PASSKEYS_FINISH, "create");
    view! {
        <p class="field__hint" data-passkey-missing="">
            {words.passkey_needs}
        </p>
        {asking_form(context, at, question, fields.into_any(), words.passkey_failed)}
    }
    .into_any()
}

fn row(context: &DoorContext, passkey: PasskeyRow) -> AnyView {
    let words = AccountWords::of(context.language);
    let never = || shared(context).never.into_any();
    let fields = view! {
        {row_id(passkey.id)}
        {danger_button(words.remove_passkey, Some((words.remove_passkey_of)(&passkey.name)))}
    };
    let remove = form(context, paths::ACCOUNT_PASSKEYS_REMOVE, "door__act", fields.into_any());
    let ask = (words.remove_passkey_ask_of)(&passkey.name);
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name">{passkey.name}</p>
            </div>
            <dl class="row__facts">
                {fact(words.passkey_domain, passkey.domain.into_any())}
                {fact(words.last_used, passkey.last_used.map_or_else(never, time))}
                {fact(words.created, time(passkey.created))}
            </dl>
            <div class="row__act">
                {asks_once(words.remove_passkey_ask, ask, words.remove_passkey_loss.to_owned(), remove)}
            </div>
        </li>
    }
    .into_any()
}
