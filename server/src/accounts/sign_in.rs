//! Signing in and out, and the first account.

use app::door::{FormProblem, MessagePage, SetUpPage, SignInPage, set_up, sign_in};
use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use common::{
    door::{
        forms::{BareForm, NewAccountForm, SignInForm},
        paths,
    },
    role::Role,
};
use serde::Deserialize;
use store::{NewSession, NewUser, PasswordHash, SecretHash, StoreError, User};

use super::{
    cookies::Cookie,
    directory::{IDLE_MS, SESSION_MS},
    form::DoorForm,
    names,
    passwords::{self, BadPassword},
    second_factor, secrets,
    visitor::{Visitor, add, own_path},
};

/// The query of the sign-in page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SignInQuery {
    pub(super) next: Option<String>,
}

/// The query of a page that is opened by a link.
#[derive(Deserialize)]
pub(super) struct LinkQuery {
    #[serde(default)]
    pub(super) link: String,
}

pub(super) async fn page(visitor: Visitor, query: Result<Query<SignInQuery>, QueryRejection>) -> Response {
    let next = query.ok().and_then(|Query(query)| query.next);
    let next = own_path(next.as_deref()).map(str::to_owned);
    if visitor.signed_in().is_some() {
        return visitor.lead_to(next.as_deref().unwrap_or("/"));
    }
    if visitor.accounts.0.first_account.is_open() {
        return visitor.tell(StatusCode::FORBIDDEN, MessagePage::SetUpLinkInvalid);
    }
    let page = SignInPage { next, ..SignInPage::default() };
    visitor.answer(StatusCode::OK, sign_in(&visitor.context(), page))
}

pub(super) async fn submit(visitor: Visitor, DoorForm(form): DoorForm<SignInForm>) -> Response {
    let next = own_path(form.next.as_deref()).map(str::to_owned);
    let again = |status, problem| {
        let page = SignInPage { name: form.name.clone(), next: next.clone(), problem: Some(problem) };
        visitor.answer(status, sign_in(&visitor.context(), page))
    };
    if !visitor.has_sent(&form.csrf) {
        return again(StatusCode::FORBIDDEN, FormProblem::FormExpired);
    }
    let key = names::key(&form.name);
    let user = match find(&visitor, &key).await {
        Ok(found) => found,
        Err(error) => {
            let id = Some(visitor.failure_id(&error));
            return again(StatusCode::SERVICE_UNAVAILABLE, FormProblem::StoreUnavailable { id });
        }
    };
    let is_known = match &user {
        Some(user) => has_signed_in_from_here(&visitor, user).await,
        None => false,
    };
    let throttle = &visitor.accounts.0.throttle;
    if let Some(wait) = throttle.wait(&key, visitor.address, is_known) {
        let retry_after_s = wait.as_secs().max(1);
        let mut response =
            again(StatusCode::TOO_MANY_REQUESTS, FormProblem::TooManyAttempts { retry_after_s });
        response.headers_mut().insert(axum::http::header::RETRY_AFTER, retry_after_s.into());
        return response;
    }
    // A disabled account is as one that is not there.
    let user = user.filter(|user| user.disabled_ms.is_none());
    let stored = user.as_ref().and_then(|user| user.password.clone()).map(|hash| hash.0);
    // Counted before it is known: tries that come at once are tries, too.
    throttle.count_wrong(&key, visitor.address);
    let is_right = visitor.accounts.0.passwords.verify(form.password.clone(), stored).await;
    let Some(user) = user.filter(|_| is_right == Ok(true)) else {
        let object: String = form.name.chars().take(64).collect();
        visitor.accounts.record(visitor.did("sign_in_refused", object, "")).await;
        return again(StatusCode::UNAUTHORIZED, FormProblem::WrongCredentials);
    };
    throttle.count_right(&key, visitor.address);
    if second_factor::is_on(&user) {
        return second_factor::ask(&visitor, &user, next.as_deref());
    }
    begin(&visitor, &user, next.as_deref(), "password").await
}

async fn find(visitor: &Visitor, key: &str) -> Result<Option<User>, StoreError> {
    if key.is_empty() || key.len() > store::NAME_BYTES {
        return Ok(None);
    }
    visitor.accounts.store().users().by_name_key(key).await
}

async fn has_signed_in_from_here(visitor: &Visitor, user: &User) -> bool {
    let here = visitor.address.to_string();
    let sessions = visitor.accounts.store().sessions().of_user(user.id).await.unwrap_or_default();
    sessions.iter().any(|session| session.address == here)
}

/// Begins a session of an account whose owner has proved who it is, and leads on.
pub(super) async fn begin(visitor: &Visitor, user: &User, next: Option<&str>, how: &str) -> Response {
    let Ok(secret) = secrets::make("") else {
        return visitor.store_failed(&StoreError::Failed("the system has no randomness".to_owned()));
    };
    let now = visitor.accounts.now();
    let session = NewSession {
        user: user.id,
        secret: SecretHash::of(secret.as_bytes()),
        created_ms: now,
        expires_ms: now + SESSION_MS,
        address: visitor.address.to_string(),
        agent: visitor.agent(),
    };
    if let Err(error) = visitor.accounts.store().sessions().create(session).await {
        return visitor.store_failed(&error);
    }
    let mut entry = visitor.did("sign_in", format!("user:{} {}", user.id, user.name), how);
    entry.actor.clone_from(&entry.object);
    visitor.accounts.record(entry).await;
    let mut response = visitor.lead_to(next.unwrap_or("/"));
    // The browser forgets it when the session could not be used any more.
    add(&mut response, Cookie::Session.set(&secret, visitor.way, IDLE_MS.max(SESSION_MS) / 1_000));
    add(&mut response, Cookie::Form.clear(visitor.way));
    response
}

pub(super) async fn leave(visitor: Visitor, DoorForm(form): DoorForm<BareForm>) -> Response {
    let Some((user, session)) = visitor.signed_in() else { return visitor.lead_to(paths::SIGN_IN) };
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    if let Err(error) = visitor.accounts.store().sessions().revoke(session).await {
        return visitor.store_failed(&error);
    }
    visitor.accounts.look_again_at(user).await;
    visitor.accounts.record(visitor.did("sign_out", format!("session:{session}"), "")).await;
    let mut response = visitor.lead_to(paths::SIGN_IN);
    add(&mut response, Cookie::Session.clear(visitor.way));
    response
}

pub(super) async fn set_up_page(
    visitor: Visitor,
    query: Result<Query<LinkQuery>, QueryRejection>,
) -> Response {
    let link = query.ok().map(|Query(query)| query.link).unwrap_or_default();
    match check_link(&visitor, &link) {
        Ok(()) => {
            let page = SetUpPage { link_token: link, ..SetUpPage::default() };
            visitor.answer(StatusCode::OK, set_up(&visitor.context(), page))
        }
        Err(refused) => refused,
    }
}

fn check_link(visitor: &Visitor, link: &str) -> Result<(), Response> {
    let first = &visitor.accounts.0.first_account;
    if !first.is_open() {
        return Err(visitor.tell(StatusCode::GONE, MessagePage::AlreadySetUp));
    }
    if first.is(link) {
        Ok(())
    } else {
        Err(visitor.tell(StatusCode::FORBIDDEN, MessagePage::SetUpLinkInvalid))
    }
}

pub(super) async fn set_up_submit(visitor: Visitor, DoorForm(form): DoorForm<NewAccountForm>) -> Response {
    if let Err(refused) = check_link(&visitor, &form.link) {
        return refused;
    }
    let again = |status, problem| {
        let page =
            SetUpPage { link_token: form.link.clone(), name: form.name.clone(), problem: Some(problem) };
        visitor.answer(status, set_up(&visitor.context(), page))
    };
    if !visitor.has_sent(&form.csrf) {
        return again(StatusCode::FORBIDDEN, FormProblem::FormExpired);
    }
    let user = match new_user(&visitor, &form, Role::Admin).await {
        Ok(user) => user,
        Err((status, problem)) => return again(status, problem),
    };
    match visitor.accounts.store().users().create_first(user).await {
        Ok(Some(user)) => {
            visitor.accounts.close_open_house();
            let object = format!("user:{} {}", user.id, user.name);
            visitor
                .accounts
                .record(visitor.did("create_user", object, "the first account, by the set-up link"))
                .await;
            begin(&visitor, &user, None, "set-up").await
        }
        Ok(None) => {
            visitor.accounts.close_open_house();
            visitor.tell(StatusCode::GONE, MessagePage::AlreadySetUp)
        }
        Err(error) => {
            let id = Some(visitor.failure_id(&error));
            again(StatusCode::SERVICE_UNAVAILABLE, FormProblem::StoreUnavailable { id })
        }
    }
}

/// Makes an account of a form, or says what is wrong with it.
pub(super) async fn new_user(
    visitor: &Visitor,
    form: &NewAccountForm,
    role: Role,
) -> Result<NewUser, (StatusCode, FormProblem)> {
    let refused = |problem| (StatusCode::UNPROCESSABLE_ENTITY, problem);
    let name = names::checked(&form.name).ok_or_else(|| refused(FormProblem::NameInvalid))?;
    let password = new_password(visitor, &form.password, &form.password_again, &name).await?;
    let name_key = names::key(&name);
    Ok(NewUser { name, name_key, role, password: Some(password), created_ms: visitor.accounts.now() })
}

/// Hashes a new password, or says what is wrong with it.
pub(super) async fn new_password(
    visitor: &Visitor,
    password: &str,
    again: &str,
    name: &str,
) -> Result<PasswordHash, (StatusCode, FormProblem)> {
    let refused = |problem| (StatusCode::UNPROCESSABLE_ENTITY, problem);
    passwords::check(password, name).map_err(|bad| {
        refused(match bad {
            BadPassword::Short => FormProblem::PasswordTooShort,
            BadPassword::Long => FormProblem::PasswordTooLong,
            BadPassword::Common | BadPassword::Plain => FormProblem::PasswordGuessable,
        })
    })?;
    if password != again {
        return Err(refused(FormProblem::PasswordsDiffer));
    }
    let hashed = visitor.accounts.0.passwords.hash(password.to_owned()).await;
    hashed.map(PasswordHash).map_err(|error| {
        let id = Some(visitor.failure_id(&StoreError::Failed(error.to_string())));
        (StatusCode::SERVICE_UNAVAILABLE, FormProblem::StoreUnavailable { id })
    })
}
