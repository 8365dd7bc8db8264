//! Sessions as the directory remembers them, by a clock that stands.

use common::role::Role;
use fanout::ManualClock;
use store::{NewSession, NewUser};
use store_sqlite::{SqliteOptions, SqliteStore};

use super::*;

const NOW: u64 = 1_800_000_000_000;

struct World {
    accounts: AccountDirectory,
    clock: Arc<ManualClock>,
    user: UserId,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path(), SqliteOptions::default()).expect("it opens");
        let clock = Arc::new(ManualClock::new(NOW));
        let store: Arc<dyn Store> = Arc::new(store);
        let (shared, open_house) = (Arc::<ManualClock>::clone(&clock), OpenHouse::new(false));
        let web_push = WebPush::open(&crate::config::PushConfig::default(), &[]).expect("the defaults");
        let accounts = AccountDirectory::new(store, shared, open_house, true, (None, web_push));
        let mut ids = Vec::new();
        for (name, role) in [("kim", Role::Admin), ("lee", Role::Operator)] {
            let new =
                NewUser { name: name.into(), name_key: name.into(), role, password: None, created_ms: NOW };
            ids.push(accounts.store().users().create(new).await.expect("made").id);
        }
        Self { accounts, clock, user: ids[1], _folder: folder }
    }

    async fn session(&self, secret: &str, created_ms: u64) {
        let session = NewSession {
            user: self.user,
            password: None,
            secret: SecretHash::of(secret.as_bytes()),
            created_ms,
            expires_ms: created_ms + SESSION_MS,
            address: String::new(),
            agent: String::new(),
        };
        self.accounts.store().sessions().create(session).await.expect("it begins");
    }

    async fn principal(&self, secret: &str) -> Option<Arc<Principal>> {
        self.accounts.principal(CredentialKind::Session, secret).await.expect("the store answers")
    }
}

#[tokio::test]
async fn a_role_that_is_found_changed_takes_the_rights_of_those_who_had_it_before() {
    let world = World::new().await;
    world.session("s", NOW).await;
    let before = world.principal("s").await.expect("a session");
    assert!(Arc::ptr_eq(&before, &world.principal("s").await.expect("known")), "it is remembered");
    world.accounts.store().users().set_role(world.user, Role::Viewer).await.expect("set");
    // Nobody could be asked for a while; the next request comes before anyone has looked again.
    world.clock.set(NOW + TRUST_MS);
    let after = world.principal("s").await.expect("a session");
    assert_eq!(after.role, Some(Role::Viewer));
    assert!(before.is_revoked() && !after.is_revoked());
    world.accounts.look_again_where(|_| true).await;
    assert!(!after.is_revoked(), "it holds");
}

#[tokio::test]
async fn a_session_that_began_in_the_future_is_none() {
    let world = World::new().await;
    const YEAR: u64 = 365 * DAY_MS;
    world.session("s", NOW + YEAR).await;
    assert!(world.principal("s").await.is_none());
    world.clock.set(NOW + YEAR);
    assert!(world.principal("s").await.is_some(), "by the clock that it began with it is one");
    world.clock.set(NOW);
    world.accounts.look_again_where(|_| true).await;
    assert!(world.principal("s").await.is_none(), "the clock was set right");
}
