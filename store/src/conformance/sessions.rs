//! Cases of sessions.

use common::role::Role;

use super::fixture::{Fixture, NOW, created, secret, session};
use crate::{NewSession, SessionId, SessionStore, StoreError, UserId};

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
    let found = sessions.by_secret(&secret("a")).await.expect("asked").expect("it is there");
    assert_eq!(found.1.disabled_ms, Some(NOW), "whoever asks can see that its user is disabled");
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
