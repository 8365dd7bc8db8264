//! API tokens of one's own account.

use access::Scope;
use app::door::{AccountDone, AccountSection, FormProblem, NewToken as ShownToken, TokenDraft};
use axum::response::Response;
use common::door::{
    TOKEN_DAYS,
    forms::{RowForm, TokenForm},
};
use store::{NewToken, SecretHash, StoreError, TokenId};

use super::{
    directory::DAY_MS,
    form::DoorForm,
    own::{AccountOutcome, owner, prove_owner, show},
    secrets,
    visitor::Visitor,
};

/// Every token begins so: people and scanners see what it is.
pub(super) const PREFIX: &str = "pbt_";
/// The most tokens of one account.
const MOST: usize = 100;
/// The most characters of a name that an owner gives to a token or a passkey.
const NAME: usize = 64;

/// Returns a name without the spaces around it, if a token or a passkey may have it.
pub(super) fn checked(name: &str) -> Option<String> {
    let name = name.trim();
    let fits = (1..=NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then(|| name.to_owned())
}

pub(super) async fn create(visitor: Visitor, DoorForm(form): DoorForm<TokenForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let (name, scopes, days) = (checked(&form.name), form.scopes(), form.days);
    let password = form.current_password.clone();
    let token_draft = TokenDraft::from(form);
    let refused =
        |problem| AccountOutcome { token_draft, ..AccountOutcome::problem(AccountSection::Tokens, problem) };
    let bad = scopes.iter().find(|text| text.parse::<Scope>().is_err());
    let Some(name) = name else {
        return show(&visitor, &owner, refused(FormProblem::TokenNameInvalid)).await;
    };
    let problem = if scopes.is_empty() {
        Some(FormProblem::NoScope)
    } else if scopes.len() > store::SCOPES {
        Some(FormProblem::TooMany { most: store::SCOPES as u64 })
    } else {
        bad.map(|scope| FormProblem::BadScope(scope.chars().take(100).collect()))
    };
    if let Some(problem) = problem {
        return show(&visitor, &owner, refused(problem)).await;
    }
    // A token outlives the session, and a new password.
    if let Err(problem) = prove_owner(&visitor, &owner, password.as_deref()).await {
        return show(&visitor, &owner, refused(problem)).await;
    }
    let days = if TOKEN_DAYS.contains(&days) { days } else { TOKEN_DAYS[0] };
    let Ok(secret) = secrets::make(PREFIX) else {
        return visitor.store_failed(&StoreError::Failed("the system has no randomness".to_owned()));
    };
    let (tokens, now) = (visitor.accounts.store().tokens(), visitor.accounts.now());
    let made = async {
        if tokens.of_user(owner.user.id).await?.len() >= MOST {
            return Ok(None);
        }
        let token = NewToken {
            user: owner.user.id,
            name: name.clone(),
            secret: SecretHash::of(secret.as_bytes()),
            scopes: scopes.clone(),
            created_ms: now,
            expires_ms: (days > 0).then(|| now + u64::from(days) * DAY_MS),
        };
        tokens.create(token).await.map(Some)
    };
    match made.await {
        Ok(Some(token)) => {
            let object = format!("token:{} {}", token.id, token.name);
            visitor.accounts.record(visitor.did("create_token", object, scopes.join(" "))).await;
            let new_token = Some(ShownToken { name: token.name, secret });
            show(
                &visitor,
                &owner,
                AccountOutcome { new_token, ..AccountOutcome::done(AccountDone::TokenCreated) },
            )
            .await
        }
        Ok(None) => show(&visitor, &owner, refused(FormProblem::TooMany { most: MOST as u64 })).await,
        Err(error) => visitor.store_failed(&error),
    }
}

pub(super) async fn revoke(visitor: Visitor, DoorForm(form): DoorForm<RowForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let (tokens, id) = (visitor.accounts.store().tokens(), TokenId(form.id));
    // Only one's own: the number of another's is as one that is not there.
    let ended = async {
        let own = tokens.of_user(owner.user.id).await?;
        Ok(own.iter().any(|token| token.id == id) && tokens.revoke(id).await?)
    };
    match ended.await {
        Ok(true) => {
            visitor.accounts.look_again_at(owner.user.id).await;
            visitor.accounts.record(visitor.did("revoke_token", format!("token:{id}"), "")).await;
            show(&visitor, &owner, AccountOutcome::done(AccountDone::TokenRevoked)).await
        }
        Ok(false) => {
            show(&visitor, &owner, AccountOutcome::problem(AccountSection::Tokens, FormProblem::Gone)).await
        }
        Err(error) => visitor.store_failed(&error),
    }
}
