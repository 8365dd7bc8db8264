//! One's own account: password, second factor, sessions.

use app::door::{
    AccountDone, AccountPage, AccountProblem, AccountSection, DeviceRow, DoorUser, FormProblem,
    NewPasskeyStep, NewToken, PasskeyRow, Reauthentication, SecondFactorState, SessionRow, TokenDraft,
    TokenRow, account,
};
use axum::{http::StatusCode, response::Response};
use common::door::{
    forms::{PasswordForm, SessionRevokeForm},
    paths,
};
use sha2::{Digest, Sha256};
use store::{PushSubscription, Session, SessionId, StoreError, User, UserId};

use super::{
    attempts::Attempt,
    entry::{new_password, of},
    form::DoorForm,
    passkeys::ceremony::RelyingParty,
    reauthentication::missing,
    second_factor,
    visitor::Visitor,
};

/// A change to the page of one's own account, before it is shown.
#[derive(Default)]
pub(super) struct AccountOutcome {
    pub(super) done: Option<AccountDone>,
    pub(super) problem: Option<(AccountSection, FormProblem)>,
    pub(super) new_token: Option<NewToken>,
    pub(super) token_draft: TokenDraft,
    pub(super) new_codes: Vec<String>,
    /// The second factor that is being set up.
    pub(super) starting: Option<SecondFactorState>,
    /// The passkey that is being made.
    pub(super) passkey_step: Option<NewPasskeyStep>,
}

impl AccountOutcome {
    pub(super) fn done(done: AccountDone) -> Self {
        Self { done: Some(done), ..Self::default() }
    }

    pub(super) fn problem(section: AccountSection, problem: FormProblem) -> Self {
        Self { problem: Some((section, problem)), ..Self::default() }
    }
}

/// The account of a person who has signed in, and that person's session.
pub(super) struct Owner {
    pub(super) user: User,
    pub(super) session: SessionId,
}

/// Finds the account of whoever asks.
///
/// # Errors
/// The answer to whoever has none, or sent a form that is not ours.
pub(super) async fn owner(visitor: &Visitor, csrf: Option<&str>) -> Result<Owner, Response> {
    let Some((id, session)) = visitor.signed_in() else { return Err(visitor.lead_to(paths::SIGN_IN)) };
    if csrf.is_some_and(|csrf| !visitor.has_sent(csrf)) {
        return Err(visitor.form_expired());
    }
    match visitor.accounts.store().users().by_id(id).await {
        Ok(Some(user)) => Ok(Owner { user, session }),
        Ok(None) => Err(visitor.lead_to(paths::SIGN_IN)),
        Err(error) => Err(visitor.store_failed(&error)),
    }
}

pub(super) async fn page(visitor: Visitor) -> Response {
    match owner(&visitor, None).await {
        Ok(owner) => show(&visitor, &owner, AccountOutcome::default()).await,
        Err(refused) => refused,
    }
}

/// Answers with the page. Its status is that of the problem.
pub(super) async fn show(visitor: &Visitor, owner: &Owner, shown: AccountOutcome) -> Response {
    match read(visitor, owner, &shown).await {
        Ok(mut page) => {
            let status =
                if shown.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            page.new_token = shown.new_token;
            page.token_draft = shown.token_draft;
            page.problem = shown.problem.map(|(section, problem)| AccountProblem { section, problem });
            page.done = shown.done;
            page.passkey_step = match (RelyingParty::of(visitor), shown.passkey_step) {
                (None, _) => NewPasskeyStep::Elsewhere,
                (Some(_), step) => step.unwrap_or_default(),
            };
            visitor.answer_with_devices(status, account(&visitor.context(), page))
        }
        Err(error) => visitor.store_failed(&error),
    }
}

async fn read(visitor: &Visitor, owner: &Owner, shown: &AccountOutcome) -> Result<AccountPage, StoreError> {
    let store = visitor.accounts.store();
    let (id, now) = (owner.user.id, visitor.accounts.now());
    // A form may just have changed it.
    let user = store.users().by_id(id).await?.ok_or(StoreError::NotFound)?;
    let sessions = store.sessions().of_user(id).await?;
    let tokens = store.tokens().of_user(id).await?;
    let passkeys = store.passkeys().of_user(id).await?;
    let second_factor = second_factor_state(visitor, &user, shown).await?;
    let this = sessions.iter().find(|session| session.id == owner.session);
    let has_password = user.password.is_some();
    let subscribed = store.pushes().of_user(id).await?;
    let push_key = visitor.accounts.web_push().public_key(store).await?;
    Ok(AccountPage {
        reauthentication: missing(&user, this, now),
        user: DoorUser { name: user.name, role: user.role },
        sessions: sessions.into_iter().map(|session| row(session, owner.session)).collect(),
        passkeys: passkeys
            .into_iter()
            .map(|passkey| PasskeyRow {
                id: passkey.id.0,
                name: passkey.name,
                domain: passkey.domain,
                created: passkey.created_ms,
                last_used: passkey.last_used_ms,
            })
            .collect(),
        passkey_step: NewPasskeyStep::default(),
        devices: subscribed.into_iter().map(device_row).collect(),
        push_key,
        tokens: tokens
            .into_iter()
            .map(|token| TokenRow {
                id: token.id.0,
                name: token.name,
                scopes: token.scopes,
                created: token.created_ms,
                last_used: token.last_used_ms,
                expires: token.expires_ms,
                is_expired: token.expires_ms.is_some_and(|ends| ends <= now),
            })
            .collect(),
        new_token: None,
        token_draft: TokenDraft::default(),
        has_password,
        second_factor,
        problem: None,
        done: None,
    })
}

fn row(session: Session, this: SessionId) -> SessionRow {
    SessionRow {
        id: session.id.0,
        created: session.created_ms,
        last_seen: session.seen_ms,
        address: session.address,
        agent: session.agent,
        is_this: session.id == this,
    }
}

fn device_row(subscription: PushSubscription) -> DeviceRow {
    let PushSubscription { id, given, delivered_ms, failure, .. } = subscription;
    let digest = Sha256::digest(&given.endpoint);
    DeviceRow {
        id: id.0,
        agent: given.agent,
        service: given.service,
        endpoint_digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        created: given.created_ms,
        delivered: delivered_ms,
        failure,
    }
}

async fn second_factor_state(
    visitor: &Visitor,
    user: &User,
    shown: &AccountOutcome,
) -> Result<SecondFactorState, StoreError> {
    if !second_factor::is_on(user) {
        return Ok(shown.starting.clone().unwrap_or(SecondFactorState::Off));
    }
    let left = visitor.accounts.store().users().recovery_codes_left(user.id).await?;
    let codes_left = u32::try_from(left).unwrap_or(u32::MAX);
    Ok(SecondFactorState::On { codes_left, new_codes: shown.new_codes.clone() })
}

pub(super) async fn change_password(visitor: Visitor, DoorForm(form): DoorForm<PasswordForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let refused = |problem| AccountOutcome::problem(AccountSection::Password, problem);
    if let Err(problem) = is_owner(&visitor, &owner.user, &form.current_password).await {
        return show(&visitor, &owner, refused(problem)).await;
    }
    let hashed = new_password(&visitor, &form.password, &form.password_again, &owner.user.name).await;
    let hash = match hashed {
        Ok(hash) => hash,
        Err((_, problem)) => return show(&visitor, &owner, refused(problem)).await,
    };
    let users = visitor.accounts.store();
    let ended = match users.users().set_password(owner.user.id, hash, Some(owner.session)).await {
        Ok(ended) => ended.len(),
        Err(error) => return visitor.store_failed(&error),
    };
    visitor.accounts.look_again_at(owner.user.id).await;
    visitor
        .accounts
        .record(visitor.did("change_password", of(&owner.user), format!("{ended} sessions ended")))
        .await;
    show(&visitor, &owner, AccountOutcome::done(AccountDone::PasswordChanged { ended })).await
}

/// Checks the password of whoever changes what protects an account.
pub(super) async fn is_owner(visitor: &Visitor, user: &User, password: &str) -> Result<(), FormProblem> {
    let attempt = Attempt::begin(visitor, format!("password of {}", user.id), Some(user)).await;
    let attempt = attempt.map_err(|retry_after_s| FormProblem::TooManyAttempts { retry_after_s })?;
    let stored = user.password.clone().map(|hash| hash.0);
    match visitor.accounts.0.passwords.verify(password.to_owned(), stored).await {
        Ok(true) => {
            attempt.take_back();
            return Ok(());
        }
        Ok(false) => {}
        Err(error) => {
            attempt.take_back();
            let id = Some(visitor.failure_id(&StoreError::Failed(error.to_string())));
            return Err(FormProblem::StoreUnavailable { id });
        }
    }
    visitor.accounts.record(visitor.did("password_refused", of(user), "")).await;
    Err(FormProblem::WrongPassword)
}

/// Checks the proof that came with a form, for what outlives the session.
///
/// # Errors
/// What is missing, or wrong.
pub(super) async fn prove_owner(
    visitor: &Visitor,
    owner: &Owner,
    password: Option<&str>,
) -> Result<(), FormProblem> {
    let unavailable =
        |error: StoreError| FormProblem::StoreUnavailable { id: Some(visitor.failure_id(&error)) };
    let sessions = visitor.accounts.store().sessions().of_user(owner.user.id).await.map_err(unavailable)?;
    let this = sessions.iter().find(|session| session.id == owner.session);
    match (missing(&owner.user, this, visitor.accounts.now()), password.unwrap_or_default()) {
        (Reauthentication::NotNeeded, _) => Ok(()),
        (Reauthentication::Password, "") => Err(FormProblem::PasswordNeeded),
        (Reauthentication::Password, password) => is_owner(visitor, &owner.user, password).await,
        (Reauthentication::SignIn, _) => Err(FormProblem::SignInNeeded),
    }
}

async fn end_sessions(
    visitor: &Visitor,
    user: UserId,
    except: Option<SessionId>,
) -> Result<usize, StoreError> {
    let ended = visitor.accounts.store().sessions().revoke_of_user(user, except).await?.len();
    visitor.accounts.look_again_at(user).await;
    Ok(ended)
}

pub(super) async fn revoke_sessions(
    visitor: Visitor,
    DoorForm(form): DoorForm<SessionRevokeForm>,
) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let store = visitor.accounts.store();
    let Some(id) = form.session.map(SessionId) else {
        return match end_sessions(&visitor, owner.user.id, Some(owner.session)).await {
            Ok(ended) => {
                let detail = format!("{ended} sessions ended");
                visitor.accounts.record(visitor.did("revoke_sessions", of(&owner.user), detail)).await;
                show(&visitor, &owner, AccountOutcome::done(AccountDone::OtherSessionsEnded { ended })).await
            }
            Err(error) => visitor.store_failed(&error),
        };
    };
    // Only one's own: the number of another's is as one that is not there.
    let ended = async {
        let own = store.sessions().of_user(owner.user.id).await?;
        Ok(own.iter().any(|session| session.id == id) && store.sessions().revoke(id).await?)
    };
    match ended.await {
        Ok(true) => {
            visitor.accounts.look_again_at(owner.user.id).await;
            visitor.accounts.record(visitor.did("revoke_session", format!("session:{id}"), "")).await;
            if id == owner.session {
                return visitor.lead_to(paths::SIGN_IN);
            }
            show(&visitor, &owner, AccountOutcome::done(AccountDone::SessionEnded)).await
        }
        Ok(false) => {
            show(&visitor, &owner, AccountOutcome::problem(AccountSection::Sessions, FormProblem::Gone)).await
        }
        Err(error) => visitor.store_failed(&error),
    }
}
