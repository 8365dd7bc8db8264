//! The API tokens of an account.

use common::door::{TOKEN_DAYS, forms::TokenForm, paths};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    field::Field,
    form::{asks_once, choose, copy_field, danger_button, fact, form, main_button, row_id, shared, time},
    passwords::current_password,
    problem::FormProblem,
    words::AccountWords,
};

/// An API token of the account, without its secret.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Its number.
    pub id: u64,
    /// The name that its owner gave it.
    pub name: String,
    /// Its scopes, as `read:custom/*`.
    pub scopes: Vec<String>,
    /// The moment at which it was made, Unix milliseconds.
    pub created: u64,
    /// The moment at which it was last used, Unix milliseconds.
    pub last_used: Option<u64>,
    /// The moment from which it is refused, Unix milliseconds.
    pub expires: Option<u64>,
    /// True once that moment is over.
    pub is_expired: bool,
}

/// A token that was just made.
#[derive(Clone)]
pub struct NewToken {
    /// The name that its owner gave it.
    pub name: String,
    /// The secret, which is shown this once.
    pub secret: String,
}

/// The proof that is missing for what outlives the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reauthentication {
    /// None: the sign-in was a moment ago.
    NotNeeded,
    /// The password.
    Password,
    /// A sign-in at the provider: the account has no password here.
    SignIn,
}

/// The form of a new token as it was sent: what was typed stays where it is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenDraft {
    /// The name.
    pub name: String,
    /// Families of topics to read.
    pub read: String,
    /// Families of topics to publish to.
    pub publish: String,
    /// Families of topics to send messages to.
    pub send: String,
    /// True where the box for connections was checked.
    pub connections: bool,
    /// True where the box for notices was checked.
    pub notices: bool,
    /// True where the box for agents was checked.
    pub agent: bool,
    /// The days that were chosen; none where nothing was sent.
    pub days: Option<u32>,
}

impl From<TokenForm> for TokenDraft {
    fn from(form: TokenForm) -> Self {
        let checked = [&form.connections, &form.notices, &form.agent].map(Option::is_some);
        let [connections, notices, agent] = checked;
        let TokenForm { name, read, publish, send, days, .. } = form;
        Self { name, read, publish, send, connections, notices, agent, days: Some(days) }
    }
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The section's contents.
pub(super) fn section(
    context: &DoorContext,
    rows: Vec<TokenRow>,
    new: Option<NewToken>,
    (draft, missing): (TokenDraft, Reauthentication),
    problem: Option<&FormProblem>,
) -> AnyView {
    let words = AccountWords::of(context.language);
    let new = new.map(|token| {
        view! {
            <div class="door__secret" role="status">
                <p class="door__secret-title">{(words.new_token)(&token.name)}</p>
                {copy_field("new-token", words.token_secret, words.shown_once, token.secret)}
            </div>
        }
    });
    let list = if rows.is_empty() {
        view! { <p class="door__none">{words.no_tokens}</p> }.into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|token| row(context, token)).collect();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let create = if missing == Reauthentication::SignIn {
        sign_in_again(context, words.token_sign_in)
    } else {
        let fields = new_token(context, draft, missing, problem);
        form(context, paths::ACCOUNT_TOKENS_CREATE, "door__form", fields)
    };
    // Open where its form was refused, or it would hide the reason.
    view! {
        <p class="field__hint">{words.tokens_hint}</p>
        <p>
            <a class="door__export" href=context.href(paths::API)>
                {shared(context).api}
            </a>
        </p>
        {new}
        {list}
        <details class="door__more" open=problem.is_some_and(|problem| problem.field().is_some())>
            <summary>{words.create_token}</summary>
            {create}
        </details>
    }
    .into_any()
}

/// The way to a proof for whoever has no password here.
pub(super) fn sign_in_again(context: &DoorContext, reason: &'static str) -> AnyView {
    let words = AccountWords::of(context.language);
    view! {
        <p class="field__hint">{reason}</p>
        <p>
            <a class="button" href=[&context.href(paths::SIGN_IN), "?next=", paths::ACCOUNT].concat()>
                {words.token_sign_in_link}
            </a>
        </p>
    }
    .into_any()
}

fn row(context: &DoorContext, token: TokenRow) -> AnyView {
    let words = AccountWords::of(context.language);
    let never = || shared(context).never.into_any();
    let fields = view! {
        {row_id(token.id)}
        {danger_button(words.revoke_token, Some((words.revoke_token_of)(&token.name)))}
    };
    let revoke = form(context, paths::ACCOUNT_TOKENS_REVOKE, "door__act", fields.into_any());
    let expired = token.is_expired.then(|| view! { <span class="tag tag--off">{words.expired}</span> });
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name">{token.name.clone()}</p>
                {expired}
            </div>
            <dl class="row__facts">
                {fact(words.scopes, view! { <code>{token.scopes.join(" ")}</code> }.into_any())}
                {fact(words.last_used, token.last_used.map_or_else(never, time))}
                {fact(words.expires, token.expires.map_or_else(never, time))}
                {fact(words.created, time(token.created))}
            </dl>
            <div class="row__act">
                {asks_once(words.revoke, (words.revoke_of)(&token.name), words.revoke_loss.to_owned(), revoke)}
            </div>
        </li>
    }
    .into_any()
}

fn new_token(
    context: &DoorContext,
    draft: TokenDraft,
    missing: Reauthentication,
    problem: Option<&FormProblem>,
) -> AnyView {
    let words = AccountWords::of(context.language);
    let name = Field {
        id: "token-name",
        name: "name",
        label: words.token_name,
        hint: Some(words.token_name_hint.to_owned()),
        value: draft.name,
        autocomplete: "off",
        max_chars: Some(64),
        ..Field::default()
    };
    let is_wrong = |verb: &str, text: &str| match problem {
        Some(FormProblem::BadScope(scope)) => {
            text.split_whitespace().any(|topics| scope == topics || *scope == [verb, ":", topics].concat())
        }
        _ => false,
    };
    let wrong = [("publish", &draft.publish), ("send", &draft.send)]
        .into_iter()
        .find(|(verb, text)| !is_wrong("read", &draft.read) && is_wrong(verb, text))
        .map_or("read", |(verb, _)| verb);
    let topics = |id, name, label, value| Field {
        id,
        name,
        label,
        value,
        problem_name: Some(if name == wrong { "read" } else { "" }),
        autocomplete: "off",
        is_optional: true,
        max_chars: Some(1000),
        ..Field::default()
    };
    let check = |id: &'static str, label: &'static str, is_checked: bool| {
        view! {
            <label class="choice" for=["token-", id].concat()>
                <input type="checkbox" id=["token-", id].concat() name=id checked=is_checked />
                {label}
            </label>
        }
    };
    let password = (missing == Reauthentication::Password).then(|| {
        let field = current_password("token-password", words.current_password);
        Field { hint: Some(words.token_password.to_owned()), ..field }.view(problem)
    });
    let chosen = draft.days.filter(|days| TOKEN_DAYS.contains(days)).unwrap_or(TOKEN_DAYS[0]);
    let days = TOKEN_DAYS.map(|days| (days.to_string(), (shared(context).days)(days), days == chosen));
    view! {
        {name.view(problem)}
        <fieldset class="door__group">
            <legend class="field__label">{words.token_may}</legend>
            <p class="field__hint">{words.topics_hint}</p>
            {topics("token-read", "read", words.may_read, draft.read.clone()).view(problem)}
            {topics("token-publish", "publish", words.may_publish, draft.publish.clone()).view(problem)}
            {topics("token-send", "send", words.may_send, draft.send.clone()).view(problem)}
            {check("connections", words.may_connections, draft.connections)}
            {check("notices", words.may_notify, draft.notices)}
            {check("agent", words.may_agent, draft.agent)}
        </fieldset>
        {choose("token-days".into(), "days", words.expires_after.into(), true, days.into())}
        {password}
        {main_button(words.create_token_button)}
    }
    .into_any()
}
