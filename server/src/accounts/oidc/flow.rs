//! The way to the provider and back. What a sign-in under way needs is kept by its browser, in a cookie that no script reads: the
//! state, which the way back has to bring; the nonce, which the token has to have; and the verifier, without which the code is of no use
//! (RFC 7636). So it holds at every node, and for this browser alone.

use app::door::{MessagePage, ProviderProblem};
use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use common::{door::paths, role::Role};
use serde::Deserialize;
use store::{Identity, NewUser, StoreError, User};

use super::{
    claims,
    provider::{Person, Provider, ProviderError, SignInSecrets},
};
use crate::accounts::{
    attempts::Attempt,
    cookies::Cookie,
    entry::{SignInQuery, begin, of},
    names, secrets,
    visitor::{Visitor, add, own_path},
};

/// A sign-in at the provider has to be done within this time.
const PATIENCE_MS: u64 = 10 * 60_000;

/// The query of the way back (RFC 6749 §4.1.2).
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ReturnQuery {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// A sign-in that is under way.
struct UnderWay {
    secrets: SignInSecrets,
    next: Option<String>,
}

impl UnderWay {
    fn begin(next: Option<&str>) -> Result<Self, secrets::NoRandom> {
        let (state, nonce, verifier) = (secrets::make("")?, secrets::make("")?, secrets::make("")?);
        Ok(Self { secrets: SignInSecrets { state, nonce, verifier }, next: next.map(str::to_owned) })
    }

    fn to_cookie(&self, expires: u64) -> String {
        let SignInSecrets { state, nonce, verifier } = &self.secrets;
        let next = self.next.as_deref().unwrap_or_default();
        let next: String = next.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{state}.{nonce}.{verifier}.{expires}.{next}")
    }

    /// Reads the one that this browser has begun. It may have written the cookie itself, so nothing in it is believed but by itself.
    fn of(cookie: &str, now: u64) -> Option<Self> {
        let mut parts = cookie.split('.');
        let mut secret = || parts.next().filter(|part| part.len() == 64).map(str::to_owned);
        let (state, nonce, verifier) = (secret()?, secret()?, secret()?);
        let expires: u64 = parts.next()?.parse().ok()?;
        if now >= expires {
            return None;
        }
        let bytes = parts.next()?.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> =
            bytes.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
        let next = String::from_utf8(bytes?).ok()?;
        let next = own_path(Some(&next)).map(str::to_owned);
        Some(Self { secrets: SignInSecrets { state, nonce, verifier }, next })
    }
}

/// Leads to the provider.
pub(crate) async fn start(visitor: Visitor, query: Result<Query<SignInQuery>, QueryRejection>) -> Response {
    let provider = match provider(&visitor) {
        Ok(provider) => provider,
        Err(other) => return *other,
    };
    let next = query.ok().and_then(|Query(query)| query.next);
    // A cookie has about 4,000 bytes, and a way that long is not come back to.
    let next = own_path(next.as_deref()).filter(|next| next.len() <= 1_000);
    if visitor.signed_in().is_some() {
        return visitor.lead_to(next.unwrap_or("/"));
    }
    let Ok(under_way) = UnderWay::begin(next) else {
        return visitor.store_failed(&StoreError::Failed("the system has no randomness".to_owned()));
    };
    match provider.sign_in_address(&redirect(&visitor), &under_way.secrets).await {
        Ok(address) => {
            let mut response = visitor.lead_away(address.as_str());
            let cookie = under_way.to_cookie(visitor.accounts.now() + PATIENCE_MS);
            add(&mut response, Cookie::Provider.set(&cookie, &visitor.scope, PATIENCE_MS / 1_000));
            response
        }
        Err(error) => fail(&visitor, &provider, &error),
    }
}

/// Returns the provider; an answer where there is none, or where the first account is still to be made: that is for whoever has the link.
/// Both ways ask, since a browser may write its cookie itself.
fn provider(visitor: &Visitor) -> Result<Provider, Box<Response>> {
    let Some(provider) = visitor.accounts.0.provider.clone() else {
        return Err(Box::new(visitor.lead_to(paths::SIGN_IN)));
    };
    if visitor.accounts.0.first_account.is_open() {
        return Err(Box::new(visitor.tell(StatusCode::FORBIDDEN, MessagePage::SetUpLinkInvalid)));
    }
    Ok(provider)
}

/// The address to which the provider leads back. The host is one of the settings' `hosts`, or this machine's own.
fn redirect(visitor: &Visitor) -> String {
    visitor.whole_address(paths::SIGN_IN_PROVIDER_RETURN)
}

/// Whoever comes back from the provider. Whatever comes of it, this way is used up.
pub(crate) async fn come_back(
    visitor: Visitor,
    query: Result<Query<ReturnQuery>, QueryRejection>,
) -> Response {
    let provider = match provider(&visitor) {
        Ok(provider) => provider,
        Err(other) => return *other,
    };
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let mut response = answer(&visitor, &provider, query).await;
    add(&mut response, Cookie::Provider.clear(&visitor.scope));
    response
}

async fn answer(visitor: &Visitor, provider: &Provider, query: ReturnQuery) -> Response {
    let under_way = visitor.cookie(Cookie::Provider);
    let under_way = under_way.and_then(|cookie| UnderWay::of(cookie, visitor.accounts.now()));
    let is_ours = |under_way: &UnderWay| {
        query.state.as_deref().is_some_and(|state| secrets::are_equal(state, &under_way.secrets.state))
    };
    let Some(under_way) = under_way.filter(is_ours) else {
        return tell(visitor, provider, StatusCode::FORBIDDEN, ProviderProblem::Expired);
    };
    let Some(code) = query.code.filter(|_| query.error.is_none()) else {
        refuse(visitor, provider, &under_way, None, query.error.as_deref().unwrap_or("no code")).await;
        return tell(visitor, provider, StatusCode::FORBIDDEN, ProviderProblem::Declined);
    };
    let person = match provider.person(&redirect(visitor), code, &under_way.secrets).await {
        Ok(person) => person,
        Err(error) => {
            refuse(visitor, provider, &under_way, None, &error.to_string()).await;
            return fail(visitor, provider, &error);
        }
    };
    match admit(visitor, provider, &person).await {
        Ok(user) => {
            let how = format!("provider {}", provider.issuer());
            begin(visitor, &user, under_way.next.as_deref(), &how).await
        }
        Err(Refusal::Store(error)) => visitor.store_failed(&error),
        Err(Refusal::Problem(problem)) => {
            let why = match problem {
                ProviderProblem::NoRole => "the claim of roles gives none",
                _ => "no account is bound to this person",
            };
            refuse(visitor, provider, &under_way, Some(&person), why).await;
            tell(visitor, provider, StatusCode::FORBIDDEN, problem)
        }
    }
}

/// Why a person whom the provider knows does not come in.
enum Refusal {
    Problem(ProviderProblem),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Finds the account of a person, or makes one where the settings say so. Its role is what the provider says now.
async fn admit(visitor: &Visitor, provider: &Provider, person: &Person) -> Result<User, Refusal> {
    let settings = provider.settings();
    let role = match &settings.role_claim {
        Some(path) => Some(
            claims::role(&person.claims, path, &settings.roles)
                .ok_or(Refusal::Problem(ProviderProblem::NoRole))?,
        ),
        None => None,
    };
    let identity = Identity { issuer: provider.issuer().to_owned(), subject: person.subject.clone() };
    let found = visitor.accounts.store().identities().user(&identity).await?;
    let no_account = || Refusal::Problem(ProviderProblem::NoAccount { subject: person.subject.clone() });
    let user = match found {
        Some(user) => user,
        None if settings.create_accounts => {
            make(visitor, &identity, person, role).await?.ok_or_else(no_account)?
        }
        None => return Err(no_account()),
    };
    // A disabled account is as one that is not there.
    if user.disabled_ms.is_some() {
        return Err(no_account());
    }
    match role {
        Some(role) if role != user.role => set_role(visitor, user, role).await,
        _ => Ok(user),
    }
}

async fn set_role(visitor: &Visitor, user: User, role: Role) -> Result<User, Refusal> {
    match visitor.accounts.store().users().set_role(user.id, role).await {
        Ok(()) => {}
        // Somebody has to manage accounts, whatever the provider says.
        Err(StoreError::LastAdmin) => {
            tracing::warn!(user = user.name, %role, "the provider makes the last admin less: it stays one");
            return Ok(user);
        }
        Err(error) => return Err(error.into()),
    }
    visitor.accounts.look_again_at(user.id).await;
    let detail = format!("{} to {role}, by the provider", user.role);
    visitor.accounts.record(visitor.did("set_role", of(&user), detail)).await;
    Ok(User { role, ..user })
}

/// Makes an account for a person; none where no name is left for it.
async fn make(
    visitor: &Visitor,
    identity: &Identity,
    person: &Person,
    role: Option<Role>,
) -> Result<Option<User>, StoreError> {
    let (identities, now) = (visitor.accounts.store().identities(), visitor.accounts.now());
    for name in claims::names_for(&person.claims) {
        let name_key = names::key(&name);
        let role = role.unwrap_or(Role::Viewer);
        let new = NewUser { name, name_key, role, password: None, created_ms: now };
        match identities.create_user(identity.clone(), new).await {
            Ok(user) => {
                let detail = format!("by the provider {}", identity.issuer);
                visitor.accounts.record(visitor.did("create_user", of(&user), detail)).await;
                return Ok(Some(user));
            }
            Err(StoreError::NameTaken) => {}
            // Another window of this person was faster.
            Err(StoreError::IdentityTaken) => return identities.user(identity).await,
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Writes a refusal into the audit log.
async fn refuse(visitor: &Visitor, provider: &Provider, way: &UnderWay, person: Option<&Person>, why: &str) {
    // A way that was gone may be gone again: nobody fills the audit log with it.
    if Attempt::begin(visitor, format!("provider {}", way.secrets.state), None).await.is_err() {
        return;
    }
    let subject = person.map(|person| format!(" {}", person.subject)).unwrap_or_default();
    let object = format!("identity:{}{subject}", provider.issuer());
    visitor.accounts.record(visitor.did("sign_in_refused", object, why)).await;
}

fn fail(visitor: &Visitor, provider: &Provider, error: &ProviderError) -> Response {
    let id = visitor.failure_id_of("the sign-in at the provider failed", error);
    match error {
        ProviderError::Away(_) => {
            tell(visitor, provider, StatusCode::BAD_GATEWAY, ProviderProblem::Away { id })
        }
        ProviderError::Declined(_) => {
            tell(visitor, provider, StatusCode::FORBIDDEN, ProviderProblem::Declined)
        }
        ProviderError::Invalid(_) => {
            tell(visitor, provider, StatusCode::BAD_GATEWAY, ProviderProblem::Invalid { id })
        }
    }
}

fn tell(visitor: &Visitor, provider: &Provider, status: StatusCode, problem: ProviderProblem) -> Response {
    visitor.tell(status, MessagePage::Provider { name: provider.name().to_owned(), problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_under_way_comes_back_from_its_cookie_for_a_while() {
        let begun = UnderWay::begin(Some("/chat?room=a")).expect("random");
        let cookie = begun.to_cookie(1_000);
        let back = UnderWay::of(&cookie, 999).expect("it is under way");
        assert_eq!(back.secrets.state, begun.secrets.state);
        assert_eq!(back.secrets.nonce, begun.secrets.nonce);
        assert_eq!(back.secrets.verifier, begun.secrets.verifier);
        assert_eq!(back.next.as_deref(), Some("/chat?room=a"));
        assert!(UnderWay::of(&cookie, 1_000).is_none(), "too late");
        for bad in ["", "a.b.c.9999.", &cookie[1..], &cookie.replace(".1000.", ".x.")] {
            assert!(UnderWay::of(bad, 1).is_none(), "{bad}");
        }
        let evil = UnderWay { next: Some("//evil.example".into()), ..UnderWay::begin(None).expect("random") };
        let back = UnderWay::of(&evil.to_cookie(1_000), 1).expect("it is under way");
        assert_eq!(back.next, None, "a path of this site, and no other");
    }
}
