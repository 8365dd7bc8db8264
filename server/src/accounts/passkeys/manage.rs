//! The passkeys of one's own account.

use app::door::{AccountDone, AccountSection, FormProblem, NewPasskeyStep};
use axum::response::Response;
use common::door::forms::{PasskeyFinishForm, PasskeyStartForm, RowForm};
use store::{NewPasskey, PasskeyId, StoreError};

use super::ceremony::{RelyingParty, credential_id};
use crate::accounts::{
    form::DoorForm,
    own::{AccountOutcome, owner, prove_owner, show},
    tokens::checked,
    visitor::Visitor,
};

/// The most passkeys of one account.
const MOST: usize = 20;

fn refused(problem: FormProblem) -> AccountOutcome {
    AccountOutcome::problem(AccountSection::Passkeys, problem)
}

pub(in crate::accounts) async fn start(
    visitor: Visitor,
    DoorForm(form): DoorForm<PasskeyStartForm>,
) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let Some(name) = checked(&form.name) else {
        return show(&visitor, &owner, refused(FormProblem::PasskeyNameInvalid)).await;
    };
    // A passkey outlives the session, and a new password.
    if let Err(problem) = prove_owner(&visitor, &owner, form.current_password.as_deref()).await {
        return show(&visitor, &owner, refused(problem)).await;
    }
    let Some(site) = RelyingParty::of(&visitor) else {
        return show(&visitor, &owner, AccountOutcome::default()).await;
    };
    let begun = async {
        let has = visitor.accounts.store().passkeys().of_user(owner.user.id).await?;
        if has.len() >= MOST {
            return Ok(None);
        }
        let has = has.iter().filter_map(|passkey| credential_id(&passkey.credential)).collect();
        site.begin_registration(&visitor, &owner.user, has).await.map(Some)
    };
    match begun.await {
        Ok(Some(challenge)) => {
            let passkey_step = Some(NewPasskeyStep::Make { name, challenge });
            show(&visitor, &owner, AccountOutcome { passkey_step, ..AccountOutcome::default() }).await
        }
        Ok(None) => show(&visitor, &owner, refused(FormProblem::TooMany { most: MOST as u64 })).await,
        Err(error) => visitor.store_failed(&error),
    }
}

pub(in crate::accounts) async fn finish(
    visitor: Visitor,
    DoorForm(form): DoorForm<PasskeyFinishForm>,
) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let Some(name) = checked(&form.name) else {
        return show(&visitor, &owner, refused(FormProblem::PasskeyNameInvalid)).await;
    };
    let made = async {
        let Some(site) = RelyingParty::of(&visitor) else { return Ok(None) };
        // A question that was begun may be answered often.
        if visitor.accounts.store().passkeys().of_user(owner.user.id).await?.len() >= MOST {
            return Ok(None);
        }
        let answer = (form.challenge.as_str(), form.credential.as_str());
        let Some((credential_id, credential)) = site.end_registration(&visitor, &owner.user, answer).await?
        else {
            return Ok(None);
        };
        let (user, domain, created_ms) = (owner.user.id, site.domain, visitor.accounts.now());
        let new = NewPasskey { user, name, domain, credential_id, credential, created_ms };
        visitor.accounts.store().passkeys().create(new).await.map(Some)
    };
    match made.await {
        Ok(Some(passkey)) => {
            let object = format!("passkey:{} {}", passkey.id, passkey.name);
            visitor.accounts.record(visitor.did("add_passkey", object, passkey.domain)).await;
            show(&visitor, &owner, AccountOutcome::done(AccountDone::PasskeyAdded)).await
        }
        Ok(None) => show(&visitor, &owner, refused(FormProblem::PasskeyRefused)).await,
        Err(StoreError::PasskeyTaken) => show(&visitor, &owner, refused(FormProblem::PasskeyTaken)).await,
        Err(error) => visitor.store_failed(&error),
    }
}

pub(in crate::accounts) async fn remove(visitor: Visitor, DoorForm(form): DoorForm<RowForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let (passkeys, id) = (visitor.accounts.store().passkeys(), PasskeyId(form.id));
    // Only one's own: the number of another's is as one that is not there.
    let gone = async {
        let own = passkeys.of_user(owner.user.id).await?;
        Ok(own.iter().any(|passkey| passkey.id == id) && passkeys.remove(id).await?)
    };
    match gone.await {
        Ok(true) => {
            visitor.accounts.record(visitor.did("remove_passkey", format!("passkey:{id}"), "")).await;
            show(&visitor, &owner, AccountOutcome::done(AccountDone::PasskeyRemoved)).await
        }
        Ok(false) => show(&visitor, &owner, refused(FormProblem::Gone)).await,
        Err(error) => visitor.store_failed(&error),
    }
}
