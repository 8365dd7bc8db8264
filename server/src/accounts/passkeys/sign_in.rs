//! Signing in by a passkey.

use app::door::{FormProblem, SignInPage};
use axum::{
    http::{StatusCode, header},
    response::Response,
};
use common::door::forms::PasskeySignInForm;
use store::{AnsweredChallenge, SecretHash, StoreError, User};
use webauthn_rs::prelude::PublicKeyCredential;

use super::ceremony::{RelyingParty, read};
use crate::accounts::{
    attempts::Attempt,
    entry::begin,
    form::DoorForm,
    sign_in::show,
    visitor::{Visitor, own_path},
};

pub(in crate::accounts) async fn submit(
    visitor: Visitor,
    DoorForm(form): DoorForm<PasskeySignInForm>,
) -> Response {
    let next = own_path(form.next.as_deref()).map(str::to_owned);
    let again = |status, problem| {
        let page = SignInPage { next: next.clone(), problem: Some(problem), ..SignInPage::default() };
        show(&visitor, status, page)
    };
    if !visitor.has_sent(&form.csrf) {
        return again(StatusCode::FORBIDDEN, FormProblem::FormExpired).await;
    }
    let answer = read::<PublicKeyCredential>(&form.credential);
    // Nobody guesses a passkey; but each wrong answer is an entry of the audit log.
    let key = answer.as_ref().map_or_else(String::new, |answer| answer.id.chars().take(64).collect());
    let attempt = match Attempt::begin(&visitor, format!("passkey {key}"), None).await {
        Ok(attempt) => attempt,
        Err(retry_after_s) => {
            let problem = FormProblem::TooManyAttempts { retry_after_s };
            let mut response = again(StatusCode::TOO_MANY_REQUESTS, problem).await;
            response.headers_mut().insert(header::RETRY_AFTER, retry_after_s.into());
            return response;
        }
    };
    match answered(&visitor, &form.challenge, answer).await {
        Ok(Some(user)) => {
            attempt.take_back();
            begin(&visitor, &user, next.as_deref(), "passkey").await
        }
        Ok(None) => {
            visitor.accounts.record(visitor.did("sign_in_refused", "a passkey", "")).await;
            again(StatusCode::UNAUTHORIZED, FormProblem::PasskeyRefused).await
        }
        Err(error) => {
            attempt.take_back();
            visitor.store_failed(&error)
        }
    }
}

/// Returns the account whose passkey has answered; none where none has, or it is disabled.
async fn answered(
    visitor: &Visitor,
    challenge: &str,
    answer: Option<PublicKeyCredential>,
) -> Result<Option<User>, StoreError> {
    let Some(site) = RelyingParty::of(visitor) else { return Ok(None) };
    let Some(answer) = answer else { return Ok(None) };
    let passkeys = visitor.accounts.store().passkeys();
    let Some((passkey, user)) = passkeys.by_credential(answer.get_credential_id()).await? else {
        return Ok(None);
    };
    if user.disabled_ms.is_some() {
        return Ok(None);
    }
    let right = site.end_sign_in(visitor, (challenge, &answer), (&user, &passkey.credential)).await?;
    let Some(right) = right else { return Ok(None) };
    let challenge =
        AnsweredChallenge { hash: SecretHash::of(challenge.as_bytes()), expires_ms: right.expires_ms };
    let now = visitor.accounts.now();
    let is_first = passkeys.take_answer(passkey.id, right.credential, challenge, now).await?;
    Ok(is_first.then_some(user))
}
