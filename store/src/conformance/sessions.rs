//! Cases of sessions.

use common::role::Role;
use futures_util::future::{join, join_all};

use super::fixture::{Fixture, NOW, created, secret, session};
use crate::{NewSession, PasswordHash, SESSIONS, SessionId, SessionStore, StoreError, UserId};

async fn begun(sessions: &dyn SessionStore, new: NewSession) -> SessionId {
    sessions.create(new).await.expect("it begins").id
}

pub(super) async fn a_session_is_found_by_its_secret(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let sessions = store.sessions();
    let user = created(&*store, "mina", Role::Admin).await;
    created(&*store, "jun", Role::Admin).await;
    let made = sessions.create(session(user.id, "a")).await.expect("it begins");
    assert_eq!((made.user, made.created_ms, made.expires_ms), (user.id, NOW, NOW + 1000));
    assert_eq!(
        (made.seen_ms, made.address.as_str(), made.agent.as_str()),
        (NOW, "2001:db8::1", "브라우저/1")
    );
    assert_eq!(sessions.by_secret(&secret("a")).await, Ok(Some((made.clone(), user.clone()))));
    assert_eq!(sessions.by_secret(&secret("b")).await, Ok(None));
    assert_eq!(sessions.create(session(UserId(4242), "c")).await, Err(StoreError::NotFound));

    store.users().set_disabled(user.id, Some(NOW)).await.expect("set");
    assert_eq!(sessions.by_secret(&secret("a")).await, Ok(None), "it ends with its user");
    assert_eq!(sessions.create(session(user.id, "d")).await, Err(StoreError::NotFound));
    store.users().set_disabled(user.id, None).await.expect("set");
    assert_eq!(sessions.by_secret(&secret("a")).await, Ok(None), "the user begins anew");
    sessions.create(session(user.id, "d")).await.expect("it begins");
}

pub(super) async fn a_new_password_ends_sessions_and_no_other_begins_one(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let user = created(&*one, "mina", Role::Admin).await;
    let jun = created(&*one, "jun", Role::Viewer).await.id;
    let mine = begun(one.sessions(), session(user.id, "mine")).await;
    let theirs = begun(one.sessions(), session(user.id, "theirs")).await;
    let of_jun = begun(one.sessions(), session(jun, "jun")).await;
    let hash = PasswordHash("$argon2id$other".into());
    let ended = one.users().set_password(user.id, hash.clone(), Some(mine)).await;
    assert_eq!(ended, Ok(vec![theirs]));
    // Whoever has proved the password of before comes too late.
    let late = NewSession { password: user.password.clone(), ..session(user.id, "late") };
    assert_eq!(two.sessions().create(late).await, Err(StoreError::NotFound));
    let now = NewSession { password: Some(hash.clone()), ..session(user.id, "now") };
    let now = begun(two.sessions(), now).await;
    let listed = two.sessions().of_user(user.id).await.expect("listed");
    assert_eq!(listed.iter().map(|session| session.id).collect::<Vec<_>>(), [now, mine]);
    assert_eq!(one.users().set_password(user.id, hash, None).await, Ok(vec![mine, now]));
    assert_eq!(two.sessions().of_user(jun).await.expect("listed")[0].id, of_jun);
}

pub(super) async fn of_sessions_that_begin_while_the_password_changes_none_is_left(
    fixture: &mut dyn Fixture,
) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mut user = created(&*one, "mina", Role::Admin).await;
    for round in 0..10 {
        let begin = (0..10).map(|n| {
            let new = session(user.id, &format!("{round} {n}"));
            two.sessions().create(NewSession { password: user.password.clone(), ..new })
        });
        let hash = PasswordHash(format!("$argon2id$round{round}"));
        let change = one.users().set_password(user.id, hash.clone(), None);
        let (begun, changed) = join(join_all(begin), change).await;
        changed.expect("set");
        let refused = begun.into_iter().filter_map(Result::err);
        refused.for_each(|error| assert_eq!(error, StoreError::NotFound));
        assert_eq!(one.sessions().of_user(user.id).await, Ok(Vec::new()), "round {round}");
        user.password = Some(hash);
    }
}

pub(super) async fn of_many_sessions_the_oldest_end(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let (mina, jun) =
        (created(&*store, "mina", Role::Viewer).await.id, created(&*store, "jun", Role::Viewer).await.id);
    let of_jun = begun(store.sessions(), session(jun, "jun")).await;
    let mut all = Vec::new();
    for n in 0..SESSIONS + 3 {
        all.push(begun(store.sessions(), session(mina, &n.to_string())).await);
    }
    let left = store.sessions().of_user(mina).await.expect("listed");
    let left: Vec<_> = left.iter().rev().map(|session| session.id).collect();
    assert_eq!(left, all[3..]);
    assert_eq!(store.sessions().of_user(jun).await.expect("listed")[0].id, of_jun);
}

pub(super) async fn use_is_noted_and_never_earlier(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let user = created(&*store, "mina", Role::Viewer).await.id;
    let id = begun(store.sessions(), session(user, "a")).await;
    assert_eq!(store.sessions().touch(id, NOW + 60).await, Ok(true));
    assert_eq!(store.sessions().touch(id, NOW + 50).await, Ok(true));
    assert_eq!(store.sessions().of_user(user).await.expect("listed")[0].seen_ms, NOW + 60);
    assert_eq!(store.sessions().touch(SessionId(4242), NOW).await, Ok(false));
}

pub(super) async fn sessions_end_alone_or_together(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let sessions = store.sessions();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let jun = created(&*store, "jun", Role::Viewer).await.id;
    let mut of_mina = Vec::new();
    for name in ["a", "b", "c", "d"] {
        of_mina.push(begun(sessions, session(mina, name)).await);
    }
    let of_jun = begun(sessions, session(jun, "e")).await;
    let listed = async |user| -> Vec<SessionId> {
        sessions.of_user(user).await.expect("listed").iter().map(|session| session.id).collect()
    };
    assert_eq!(listed(mina).await, of_mina.iter().rev().copied().collect::<Vec<_>>(), "the newest first");
    assert_eq!(sessions.revoke(of_mina[0]).await, Ok(true));
    assert_eq!(sessions.revoke(of_mina[0]).await, Ok(false));
    assert_eq!(sessions.by_secret(&secret("a")).await, Ok(None));
    let ended = sessions.revoke_of_user(mina, Some(of_mina[2])).await.expect("ended");
    assert_eq!(ended, [of_mina[1], of_mina[3]]);
    assert_eq!(listed(mina).await, [of_mina[2]]);
    assert_eq!(sessions.revoke_of_user(mina, None).await, Ok(vec![of_mina[2]]));
    assert_eq!(sessions.revoke_of_user(mina, None).await, Ok(Vec::new()));
    assert_eq!(listed(jun).await, [of_jun]);
}

pub(super) async fn sessions_past_their_end_or_idle_are_swept(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let sessions = store.sessions();
    let user = created(&*store, "mina", Role::Viewer).await.id;
    let expired = begun(sessions, NewSession { expires_ms: NOW + 10, ..session(user, "expired") }).await;
    let idle = begun(sessions, session(user, "idle")).await;
    let used = begun(sessions, session(user, "used")).await;
    for id in [expired, used] {
        sessions.touch(id, NOW + 500).await.expect("noted");
    }
    assert_eq!(sessions.sweep(NOW + 10, NOW).await, Ok(Vec::new()), "none is beyond its bound yet");
    assert_eq!(sessions.sweep(NOW + 11, NOW).await, Ok(vec![expired]));
    assert_eq!(sessions.sweep(NOW + 11, NOW + 1).await, Ok(vec![idle]));
    let left = sessions.of_user(user).await.expect("listed");
    assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [used]);
}
