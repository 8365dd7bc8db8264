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
use store::{StoreError, User};

use super::{
    attempts::Attempt,
    cookies::Cookie,
    entry::{LinkQuery, SignInQuery, begin, new_user, of},
    form::DoorForm,
    names,
    passkeys::ceremony::RelyingParty,
    second_factor,
    visitor::{Visitor, add, own_path},
};

pub(super) async fn page(visitor: Visitor, query: Result<Query<SignInQuery>, QueryRejection>) -> Response {
    let next = query.ok().and_then(|Query(query)| query.next);
    let next = own_path(next.as_deref()).map(str::to_owned);
    if visitor.signed_in().is_some() {
        return visitor.lead_to(next.as_deref().unwrap_or("/"));
    }
    if visitor.accounts.0.first_account.is_open() {
        return visitor.tell(StatusCode::FORBIDDEN, MessagePage::SetUpLinkInvalid);
    }
    show(&visitor, StatusCode::OK, SignInPage { next, ..SignInPage::default() }).await
}

/// Answers with the page and every way in.
pub(super) async fn show(visitor: &Visitor, status: StatusCode, page: SignInPage) -> Response {
    let provider = visitor.accounts.0.provider.as_ref().map(|provider| provider.name().to_owned());
    let passkey = match RelyingParty::of(visitor) {
        Some(site) => {
            site.begin_sign_in(visitor).await.inspect_err(|error| drop(visitor.failure_id(error))).ok()
        }
        None => None,
    };
    let page = SignInPage { provider, passkey, ..page };
    visitor.answer_with_passkeys(status, sign_in(&visitor.context(), page))
}

pub(super) async fn submit(visitor: Visitor, DoorForm(form): DoorForm<SignInForm>) -> Response {
    let next = own_path(form.next.as_deref()).map(str::to_owned);
    let again = |status, problem| {
        let (name, problem) = (form.name.clone(), Some(problem));
        show(&visitor, status, SignInPage { name, next: next.clone(), problem, ..SignInPage::default() })
    };
    if !visitor.has_sent(&form.csrf) {
        return again(StatusCode::FORBIDDEN, FormProblem::FormExpired).await;
    }
    let key = names::key(&form.name);
    let user = match find(&visitor, &key).await {
        Ok(found) => found,
        Err(error) => {
            let id = Some(visitor.failure_id(&error));
            return again(StatusCode::SERVICE_UNAVAILABLE, FormProblem::StoreUnavailable { id }).await;
        }
    };
    let attempt = match Attempt::begin(&visitor, key, user.as_ref()).await {
        Ok(attempt) => attempt,
        Err(retry_after_s) => {
            let problem = FormProblem::TooManyAttempts { retry_after_s };
            let mut response = again(StatusCode::TOO_MANY_REQUESTS, problem).await;
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, retry_after_s.into());
            return response;
        }
    };
    // A disabled account is as one that is not there.
    let user = user.filter(|user| user.disabled_ms.is_none());
    let stored = user.as_ref().and_then(|user| user.password.clone()).map(|hash| hash.0);
    let is_right = match visitor.accounts.0.passwords.verify(form.password.clone(), stored).await {
        Ok(is_right) => is_right,
        Err(error) => {
            attempt.take_back();
            let id = Some(visitor.failure_id(&StoreError::Failed(error.to_string())));
            return again(StatusCode::SERVICE_UNAVAILABLE, FormProblem::StoreUnavailable { id }).await;
        }
    };
    let Some(user) = user.filter(|_| is_right) else {
        let object: String = form.name.chars().take(64).collect();
        visitor.accounts.record(visitor.did("sign_in_refused", object, "")).await;
        return again(StatusCode::UNAUTHORIZED, FormProblem::WrongCredentials).await;
    };
    attempt.take_back();
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
    add(&mut response, Cookie::Session.clear(&visitor.scope));
    response
}

pub(super) async fn set_up_page(
    visitor: Visitor,
    query: Result<Query<LinkQuery>, QueryRejection>,
) -> Response {
    let link = query.ok().map(|Query(query)| query.link).unwrap_or_default();
    if let Some(refused) = refused_link(&visitor, &link) {
        return refused;
    }
    let page = SetUpPage { link_token: link, ..SetUpPage::default() };
    visitor.answer(StatusCode::OK, set_up(&visitor.context(), page))
}

/// Answers whoever has not the link of this start.
fn refused_link(visitor: &Visitor, link: &str) -> Option<Response> {
    let first = &visitor.accounts.0.first_account;
    if !first.is_open() {
        return Some(visitor.tell(StatusCode::GONE, MessagePage::AlreadySetUp));
    }
    (!first.is(link)).then(|| visitor.tell(StatusCode::FORBIDDEN, MessagePage::SetUpLinkInvalid))
}

pub(super) async fn set_up_submit(visitor: Visitor, DoorForm(form): DoorForm<NewAccountForm>) -> Response {
    if let Some(refused) = refused_link(&visitor, &form.link) {
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
            visitor
                .accounts
                .record(visitor.did("create_user", of(&user), "the first account, by the set-up link"))
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
