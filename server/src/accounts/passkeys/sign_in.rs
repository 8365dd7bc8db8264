//! Signing in by a passkey.

use app::door::{FormProblem, SignInPage};
use axum::{http::StatusCode, response::Response};
use common::door::forms::PasskeySignInForm;
use store::{AnsweredChallenge, SecretHash, StoreError, User};
use webauthn_rs::prelude::PublicKeyCredential;

use super::ceremony::{RelyingParty, read};
use crate::accounts::{
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
    match answered(&visitor, &form).await {
        Ok(Some(user)) => begin(&visitor, &user, next.as_deref(), "passkey").await,
        Ok(None) => {
            visitor.accounts.record(visitor.did("sign_in_refused", "a passkey", "")).await;
            again(StatusCode::UNAUTHORIZED, FormProblem::PasskeyRefused).await
        }
        Err(error) => visitor.store_failed(&error),
    }
}

/// Returns the account whose passkey has answered; none where none has, or it is disabled.
async fn answered(visitor: &Visitor, form: &PasskeySignInForm) -> Result<Option<User>, StoreError> {
    let Some(site) = RelyingParty::of(visitor) else { return Ok(None) };
    let Some(answer) = read::<PublicKeyCredential>(&form.credential) else { return Ok(None) };
    let passkeys = visitor.accounts.store().passkeys();
    let Some((passkey, user)) = passkeys.by_credential(answer.get_credential_id()).await? else {
        return Ok(None);
    };
    if user.disabled_ms.is_some() {
        return Ok(None);
    }
    let right = site.end_sign_in(visitor, (&form.challenge, &answer), (&user, &passkey.credential)).await?;
    let Some(right) = right else { return Ok(None) };
    let challenge =
        AnsweredChallenge { hash: SecretHash::of(form.challenge.as_bytes()), expires_ms: right.expires_ms };
    let now = visitor.accounts.now();
    let is_first = passkeys.take_answer(passkey.id, right.credential, challenge, now).await?;
    Ok(is_first.then_some(user))
}
