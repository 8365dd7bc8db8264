//! The last step of every way in: a session begins, or an account is made.

use app::door::FormProblem;
use axum::{http::StatusCode, response::Response};
use common::{
    door::{forms::NewAccountForm, paths},
    role::Role,
};
use serde::Deserialize;
use store::{NewSession, NewUser, PasswordHash, SecretHash, StoreError, User};

use super::{
    cookies::Cookie,
    directory::SESSION_MS,
    names,
    passwords::{self, BadPassword},
    secrets,
    visitor::{Visitor, add},
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

/// Begins a session of an account whose owner has proved who it is, and leads on.
pub(super) async fn begin(visitor: &Visitor, user: &User, next: Option<&str>, how: &str) -> Response {
    let Ok(secret) = secrets::make("") else {
        return visitor.store_failed(&StoreError::Failed("the system has no randomness".to_owned()));
    };
    let now = visitor.accounts.now();
    let session = NewSession {
        user: user.id,
        password: user.password.clone(),
        secret: SecretHash::of(secret.as_bytes()),
        created_ms: now,
        expires_ms: now + SESSION_MS,
        address: visitor.address.to_string(),
        agent: visitor.agent(),
    };
    match visitor.accounts.store().sessions().create(session).await {
        Ok(_) => {}
        // The password was changed, or the account disabled, while it was proved.
        Err(StoreError::NotFound) => return visitor.lead_to(paths::SIGN_IN),
        Err(error) => return visitor.store_failed(&error),
    }
    if let Some((before, session)) = visitor.signed_in() {
        // A browser has one session. One that cannot be ended now ends by itself.
        if let Err(error) = visitor.accounts.store().sessions().revoke(session).await {
            visitor.failure_id(&error);
        }
        visitor.accounts.look_again_at(before).await;
    }
    let mut entry = visitor.did("sign_in", of(user), how);
    entry.actor.clone_from(&entry.object);
    visitor.accounts.record(entry).await;
    let mut response = visitor.lead_to(next.unwrap_or("/"));
    add(&mut response, Cookie::Session.set(&secret, &visitor.scope, SESSION_MS / 1_000));
    add(&mut response, Cookie::Form.clear(&visitor.scope));
    response
}

/// An account as the audit log names it.
pub(super) fn of(user: &User) -> String {
    format!("user:{} {}", user.id, user.name)
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
