//! Cases of a store that is closed and opened again.

use common::role::Role;

use super::fixture::{
    Fixture, NOW, audit, created, dashboard, enrolment, host, invitation, passkey, secret, session, source,
    token, user,
};
use crate::{
    AnsweredChallenge, AuditFilter, DashboardChange, Host, HostSeen, NewSource, Passkey, SourceChange,
    SourceKind, StoreError, TotpSecret,
};

pub(super) async fn what_was_answered_is_there_after_opening_again(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let id = created(&*store, "mina", Role::Admin).await.id;
    store.users().set_totp(id, Some(TotpSecret(vec![5; 20]))).await.expect("set");
    store.users().take_totp_step(id, 9).await.expect("taken");
    store.users().set_recovery_codes(id, vec![secret("r")]).await.expect("set");
    let begun = store.sessions().create(session(id, "a")).await.expect("it begins");
    let made = store.tokens().create(token(id, "b")).await.expect("made");
    let invited = store.invitations().create(invitation(id, "c")).await.expect("made");
    let key = store.passkeys().create(passkey(id, "k")).await.expect("made");
    let answered = AnsweredChallenge { hash: secret("x"), expires_ms: NOW + 9 };
    store.passkeys().take_answer(key.id, key.credential.clone(), answered, NOW).await.expect("taken");
    let code = store.hosts().create_enrolment(enrolment(Some(id), "d")).await.expect("made");
    store.hosts().create_enrolment(enrolment(Some(id), "e")).await.expect("made");
    let watched = store.hosts().enrol(secret("e"), host("web")).await.expect("asked").expect("it is open");
    let heard = HostSeen { id: watched.id, seen_ms: NOW + 9, facts: Some("{}".into()) };
    assert_eq!(store.hosts().seen(vec![heard]).await, Ok(1));
    let new = NewSource { created_by: Some(id), ..source(SourceKind::Probe, "db") };
    let asked = store.sources().create(new).await.expect("made");
    let change = SourceChange {
        id: asked.id,
        name: asked.name,
        host: asked.host,
        spec: asked.spec,
        interval_ms: asked.interval_ms,
        parent: asked.parent,
        is_paused: true,
        changed_ms: NOW + 9,
        seen_ms: asked.changed_ms,
    };
    let asked = store.sources().change(change).await.expect("changed").expect("it is there");
    let board = store.dashboards().create(dashboard("shop")).await.expect("made");
    let change = DashboardChange { id: board.entry.id, seen: 1, new: dashboard("shops") };
    let board = store.dashboards().change(change).await.expect("changed").expect("it is there");
    let appended = store.audit().append(audit("mina", "login")).await.expect("appended");
    let before = store.users().by_id(id).await.expect("asked").expect("it is there");
    store.close().await;

    let store = fixture.open().await;
    assert_eq!(store.users().list(None, 10).await, Ok(vec![before.clone()]));
    assert_eq!(store.users().recovery_codes_left(id).await, Ok(1));
    assert_eq!(store.users().take_totp_step(id, 9).await, Ok(false));
    assert_eq!(store.sessions().by_secret(&secret("a")).await, Ok(Some((begun, before.clone()))));
    assert_eq!(store.tokens().by_secret(&secret("b")).await, Ok(Some((made, before))));
    assert_eq!(store.invitations().open(NOW).await, Ok(vec![invited]));
    let key = Passkey { last_used_ms: Some(NOW), ..key };
    assert_eq!(store.passkeys().of_user(id).await, Ok(vec![key.clone()]));
    assert_eq!(store.passkeys().take_answer(key.id, "again".into(), answered, NOW).await, Ok(false));
    let watched = Host { last_seen_ms: Some(NOW + 9), facts: "{}".into(), ..watched };
    assert_eq!(store.hosts().all().await, Ok(vec![watched.clone()]));
    assert_eq!(store.hosts().by_secret(&host("web").secret).await, Ok(Some(watched)));
    assert_eq!(store.hosts().open_enrolments(NOW).await, Ok(vec![code]));
    assert_eq!(store.sources().all().await, Ok(vec![asked]));
    assert_eq!(store.dashboards().by_id(board.entry.id).await, Ok(Some(board)));
    let filter = AuditFilter { limit: 10, ..AuditFilter::default() };
    assert_eq!(store.audit().list(filter).await, Ok(vec![appended]));
    let next = store.audit().append(audit("mina", "logout")).await.expect("appended");
    assert_eq!(next.seq, 2);
    assert_eq!(store.audit().verify().await.expect("verified").broken_at, None);
}

pub(super) async fn a_number_is_given_once(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let id = created(&*store, "mina", Role::Admin).await.id;
    let begun = store.sessions().create(session(id, "a")).await.expect("it begins").id;
    let made = store.tokens().create(token(id, "b")).await.expect("made").id;
    let key = store.passkeys().create(passkey(id, "e")).await.expect("made").id;
    store.passkeys().remove(key).await.expect("removed");
    let hosts = store.hosts();
    hosts.create_enrolment(enrolment(Some(id), "f")).await.expect("made");
    let watched = hosts.enrol(secret("f"), host("f")).await.expect("asked").expect("it is open").id;
    let code = hosts.create_enrolment(enrolment(Some(id), "g")).await.expect("made").id;
    hosts.remove(watched).await.expect("removed");
    hosts.revoke_enrolment(code).await.expect("revoked");
    let asked = store.sources().create(source(SourceKind::Probe, "h")).await.expect("made").id;
    store.sources().remove(asked).await.expect("removed");
    let board = store.dashboards().create(dashboard("i")).await.expect("made").entry.id;
    store.dashboards().remove(board).await.expect("removed");
    store.sessions().revoke(begun).await.expect("ended");
    store.tokens().revoke(made).await.expect("ended");
    store.close().await;
    let store = fixture.open().await;
    assert!(store.sessions().create(session(id, "c")).await.expect("it begins").id > begun);
    assert!(store.tokens().create(token(id, "d")).await.expect("made").id > made);
    assert!(store.passkeys().create(passkey(id, "e")).await.expect("made").id > key);
    assert!(store.hosts().create_enrolment(enrolment(Some(id), "g")).await.expect("made").id > code);
    let again = store.hosts().enrol(secret("g"), host("f")).await.expect("asked").expect("it is open");
    assert!(again.id > watched);
    assert!(store.sources().create(source(SourceKind::Probe, "h")).await.expect("made").id > asked);
    assert!(store.dashboards().create(dashboard("i")).await.expect("made").entry.id > board);
}

pub(super) async fn a_closed_store_says_so(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    store.ping().await.expect("it answers");
    let last = store.users().create(user("mina", Role::Admin));
    store.close().await;
    // Asked for before it was closed: done, or refused, but answered.
    let last = last.await;
    assert!(matches!(last, Ok(_) | Err(StoreError::Closed)), "{last:?}");
    assert_eq!(store.ping().await, Err(StoreError::Closed));
    assert_eq!(store.users().any().await, Err(StoreError::Closed));
    assert_eq!(store.audit().append(audit("mina", "login")).await, Err(StoreError::Closed));
    store.close().await;
}
