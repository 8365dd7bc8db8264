//! The accounts that requests are made for: sessions and tokens, known by the secrets that they carry.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use access::{Principal, Scope};
use fanout::Clock;
use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use store::{NewAudit, SecretHash, Session, Store, StoreError, Token, User, UserId};
use transports::live::Live;

use super::{
    first_account::FirstAccount, oidc::provider::Provider, passwords::Passwords, throttle::Throttle,
};
use crate::{access::OpenHouse, web_push::WebPush};

/// A session ends after this, however much it is used.
pub(super) const SESSION_MS: u64 = 30 * DAY_MS;
/// A session ends when it was not used for so long.
pub(super) const IDLE_MS: u64 = 7 * DAY_MS;
pub(super) const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// The use of a session or token is noted this often.
const NOTE_MS: u64 = 60_000;
/// A session or token that was found holds for so long while the store does not answer.
const TRUST_MS: u64 = 60_000;
/// So many of the known sessions and tokens are looked at again at once: a store on a server takes its time for each.
const AT_ONCE: usize = 4;
/// The most sessions and tokens that are remembered; without them the store is asked.
const MOST: usize = 10_000;

/// The accounts; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct AccountDirectory(pub(super) Arc<AccountsInner>);

#[derive(Debug)]
pub(crate) struct AccountsInner {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) passwords: Passwords,
    pub(super) throttle: Throttle,
    pub(super) first_account: FirstAccount,
    /// The provider at which people may sign in, too.
    pub(super) provider: Option<Provider>,
    /// The sender of messages to browsers without an open page.
    pub(super) web_push: WebPush,
    /// The key by which challenges to passkeys are signed, once the store was asked for it.
    pub(super) passkey_key: tokio::sync::OnceCell<Vec<u8>>,
    open_house: OpenHouse,
    known: Mutex<HashMap<SecretHash, CachedPrincipal>>,
    live: OnceLock<Live>,
}

/// A session or token that was used lately.
#[derive(Debug, Clone)]
struct CachedPrincipal {
    principal: Arc<Principal>,
    /// The time at which it ends in any case.
    ends_ms: u64,
    /// The time at which the store was last asked.
    checked_ms: u64,
    /// The time at which its use was last noted.
    noted_ms: u64,
    /// The time at which it was last used.
    used_ms: u64,
}

/// A session or token as the store has it.
struct Found {
    principal: Principal,
    ends_ms: u64,
    noted_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CredentialKind {
    Session,
    Token,
}

impl AccountDirectory {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        open_house: OpenHouse,
        has_users: bool,
        (provider, web_push): (Option<Provider>, WebPush),
    ) -> Self {
        if has_users {
            open_house.close();
        }
        Self(Arc::new(AccountsInner {
            store,
            clock,
            passwords: Passwords::new(),
            throttle: Throttle::default(),
            first_account: FirstAccount::new(!has_users),
            provider,
            web_push,
            passkey_key: tokio::sync::OnceCell::new(),
            open_house,
            known: Mutex::default(),
            live: OnceLock::new(),
        }))
    }

    /// Names the live connections, whose rights are taken away here.
    pub(crate) fn attach(&self, live: Live) {
        let _ = self.0.live.set(live);
    }

    pub(crate) fn now(&self) -> u64 {
        self.0.clock.unix_millis()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// Ends the time without accounts: there is one. Whoever was let in for being on this machine is let out.
    /// True once there are accounts.
    pub(super) fn is_open_house_closed(&self) -> bool {
        self.0.open_house.is_closed()
    }

    pub(super) fn close_open_house(&self) {
        self.0.open_house.close();
        self.0.first_account.close();
        self.revoke_live(|principal| principal.credential == access::Credential::OpenHouse);
    }

    /// Writes what was done into the audit log. What cannot be written there is in the server's log at least.
    pub(crate) async fn record(&self, entry: NewAudit) {
        let entry = entry.clipped();
        let text = format!("{} {} {} from {}", entry.actor, entry.action, entry.object, entry.address);
        if let Err(error) = self.store().audit().append(entry).await {
            tracing::error!(%error, done = text, "this could not be written into the audit log");
        }
    }

    /// Looks at every known session and token of an account again, and takes the rights of those that have ended or changed.
    pub(super) async fn look_again_at(&self, user: UserId) {
        self.look_again_where(|principal| principal.user == Some(user.0)).await;
    }

    /// Looks at what is known again, and forgets what nobody has used for a while.
    pub(super) async fn look_again_where(&self, is_one: impl Fn(&Principal) -> bool) {
        let now = self.now();
        let known: Vec<(SecretHash, CachedPrincipal)> = {
            let mut known = self.0.known.lock();
            known.retain(|_, one| Arc::strong_count(&one.principal) > 1 || now < one.used_ms + NOTE_MS);
            known
                .iter()
                .filter(|(_, one)| is_one(&one.principal))
                .map(|(hash, one)| (*hash, one.clone()))
                .collect()
        };
        let looks = known.into_iter().map(|(hash, one)| self.look_at(hash, one, now));
        stream::iter(looks).buffer_unordered(AT_ONCE).collect::<()>().await;
    }

    async fn look_at(&self, hash: SecretHash, one: CachedPrincipal, now: u64) {
        let is_session = matches!(one.principal.credential, access::Credential::Session(_));
        let kind = if is_session { CredentialKind::Session } else { CredentialKind::Token };
        let holds = match self.find(kind, hash, now).await {
            Ok(Some(found)) => {
                found.principal.role == one.principal.role && found.principal.is_same_as(&one.principal)
            }
            Ok(None) => false,
            // Nobody can be asked: what was true holds for a while.
            Err(_) => now < one.ends_ms,
        };
        let mut known = self.0.known.lock();
        // A request may have found it anew meanwhile, with the rights that it has now.
        let same = known.get_mut(&hash).filter(|now| Arc::ptr_eq(&now.principal, &one.principal));
        match same {
            Some(same) if holds => same.checked_ms = now,
            Some(_) => drop(known.remove(&hash)),
            None => {}
        }
        drop(known);
        if !holds {
            self.revoke(&one.principal);
        }
    }

    /// Takes the rights of one principal away, for good: whoever has proved the same again is another one.
    fn revoke(&self, older: &Arc<Principal>) {
        older.revoke();
        self.revoke_live(|principal| std::ptr::eq(principal, &**older));
    }

    fn revoke_live(&self, is_one: impl Fn(&Principal) -> bool) {
        if let Some(live) = self.0.live.get() {
            let ended = live.revoke(is_one);
            if ended > 0 {
                tracing::info!(ended, "connections have lost their rights and end");
            }
        }
    }

    async fn find(
        &self,
        kind: CredentialKind,
        hash: SecretHash,
        now: u64,
    ) -> Result<Option<Found>, StoreError> {
        Ok(match kind {
            CredentialKind::Session => {
                let found = self.store().sessions().by_secret(&hash).await?;
                found.filter(|(session, user)| is_valid(session, user, now)).map(|(session, user)| Found {
                    principal: Principal::person(user.id.0, &user.name, user.role, session.id.0),
                    ends_ms: session.expires_ms,
                    noted_ms: session.seen_ms,
                })
            }
            CredentialKind::Token => {
                let found = self.store().tokens().by_secret(&hash).await?;
                let found = found.filter(|(token, user)| {
                    user.disabled_ms.is_none() && token.expires_ms.is_none_or(|ends| now < ends)
                });
                found.map(|(token, user)| Found {
                    principal: program(&token, &user),
                    ends_ms: token.expires_ms.unwrap_or(u64::MAX),
                    noted_ms: token.last_used_ms.unwrap_or(0),
                })
            }
        })
    }

    pub(super) async fn principal(
        &self,
        kind: CredentialKind,
        secret: &str,
    ) -> Result<Option<Arc<Principal>>, StoreError> {
        let (hash, now) = (SecretHash::of(secret.as_bytes()), self.now());
        let known = self.0.known.lock().get_mut(&hash).map(|one| {
            one.used_ms = now;
            one.clone()
        });
        // The store is asked about each of them every second anyway.
        if let Some(one) = known
            && now < one.ends_ms
            && now < one.checked_ms + TRUST_MS
            && !one.principal.is_revoked()
        {
            self.note(kind, &hash, &one, now);
            return Ok(Some(one.principal));
        }
        let Some(found) = self.find(kind, hash, now).await? else { return Ok(None) };
        let Found { principal, ends_ms, noted_ms } = found;
        let principal = Arc::new(principal);
        let one = CachedPrincipal { principal, ends_ms, checked_ms: now, noted_ms, used_ms: now };
        self.note(kind, &hash, &one, now);
        let mut known = self.0.known.lock();
        if known.len() >= MOST && !known.contains_key(&hash) {
            // Still revoked within a second where it is used for a live connection: only the memory is bounded.
            known.retain(|_, one| Arc::strong_count(&one.principal) > 1);
        }
        // Two requests that came at once are on behalf of one principal.
        let one = match known.get(&hash) {
            Some(other) if other.principal.role == one.principal.role && !other.principal.is_revoked() => {
                CachedPrincipal { principal: Arc::clone(&other.principal), ..one }
            }
            _ => one,
        };
        let principal = Arc::clone(&one.principal);
        let replaced = known.insert(hash, one).map(|other| other.principal);
        drop(known);
        // From here on nobody looks at the other one again, and its live connections have rights of before.
        if let Some(older) = replaced.filter(|older| !Arc::ptr_eq(older, &principal)) {
            self.revoke(&older);
        }
        Ok(Some(principal))
    }

    /// Notes the use in the store, now and then; nobody waits for it.
    fn note(&self, kind: CredentialKind, hash: &SecretHash, one: &CachedPrincipal, now: u64) {
        if now < one.noted_ms + NOTE_MS {
            return;
        }
        if let Some(one) = self.0.known.lock().get_mut(hash) {
            one.noted_ms = now;
        }
        let noted = match (kind, &one.principal.credential) {
            (CredentialKind::Session, access::Credential::Session(id)) => {
                self.store().sessions().touch(store::SessionId(*id), now)
            }
            (CredentialKind::Token, access::Credential::Token(id, _)) => {
                self.store().tokens().touch(store::TokenId(*id), now)
            }
            _ => return,
        };
        tokio::spawn(noted);
    }
}

/// A session that began in the future did so by a clock that was wrong, and so is its end.
fn is_valid(session: &Session, user: &User, now: u64) -> bool {
    user.disabled_ms.is_none()
        && session.created_ms <= now + DAY_MS
        && now < session.expires_ms
        && now < session.seen_ms + IDLE_MS
}

/// Scopes that this version does not know give nothing.
fn program(token: &Token, user: &User) -> Principal {
    let scopes: Vec<Scope> = token.scopes.iter().filter_map(|text| text.parse().ok()).collect();
    Principal::program(user.id.0, &user.name, user.role, token.id.0, scopes.into())
}
