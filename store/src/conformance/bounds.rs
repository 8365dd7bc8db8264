//! Cases of the bounds, and of secrets that are not printed.

use common::{notice::NoticeAudience, role::Role};

use super::fixture::{
    Fixture, NOW, assert_refused, audit, created, enrolment, host, invitation, notice, secret, session,
    token, user,
};
use crate::{
    AUDIT_DETAIL_BYTES, AuditFilter, NAME_BYTES, NewAudit, NewNotice, NewSession, NewToken, NewUser,
    PasswordHash, RECOVERY_CODES, SCOPE_BYTES, SCOPES, TOTP_BYTES, TotpSecret,
};

pub(super) async fn what_is_beyond_the_bounds_is_refused(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let users = store.users();
    let admin = created(&*store, "admin", Role::Admin).await;
    let id = admin.id;
    let long = "x".repeat(10_000);
    for bad in [long.as_str(), "", "nul\0nul"] {
        let name = NewUser { name: bad.into(), ..user("mina", Role::Viewer) };
        assert_refused(users.create(name.clone()).await, "name");
        assert_refused(users.create_first(name).await, "name");
        let name_key = NewUser { name_key: bad.into(), ..user("mina", Role::Viewer) };
        assert_refused(users.create(name_key.clone()).await, "name");
        assert_refused(store.invitations().accept(secret("a"), name_key, NOW).await, "name");
        assert_refused(users.set_password(id, PasswordHash(bad.into()), None).await, "password");
        assert_refused(store.tokens().create(NewToken { name: bad.into(), ..token(id, "a") }).await, "name");
        let scopes = NewToken { scopes: vec![bad.into()], ..token(id, "a") };
        assert_refused(store.tokens().create(scopes).await, "scope");
        assert_refused(
            store.audit().append(NewAudit { actor: bad.into(), ..audit("a", "b") }).await,
            "actor",
        );
    }
    let new = || notice(NoticeAudience::All, "a");
    for bad in ["x".repeat(20_000), "nul\0nul".to_owned()] {
        let [title, text, link, sender_name, key] = [bad.clone(), bad.clone(), bad.clone(), bad.clone(), bad];
        let notices = store.notices();
        assert_refused(notices.create(NewNotice { title, ..new() }).await, "title");
        assert_refused(notices.create(NewNotice { text, ..new() }).await, "text");
        assert_refused(notices.create(NewNotice { link: Some(link), ..new() }).await, "link");
        assert_refused(notices.create(NewNotice { sender_name, ..new() }).await, "sender");
        assert_refused(notices.create(NewNotice { key: Some(key), ..new() }).await, "key");
    }
    assert_refused(store.notices().create(NewNotice { title: String::new(), ..new() }).await, "title");
    assert_refused(store.notices().create(NewNotice { expires_ms: Some(u64::MAX), ..new() }).await, "time");
    let spaced = NewToken { scopes: vec!["read *".into()], ..token(id, "a") };
    assert_refused(store.tokens().create(spaced).await, "scope");
    let many = NewToken { scopes: vec!["read:*".into(); SCOPES + 1], ..token(id, "a") };
    assert_refused(store.tokens().create(many).await, "scopes");
    let agent = NewSession { agent: long.clone(), ..session(id, "a") };
    assert_refused(store.sessions().create(agent).await, "browser");
    let address = NewSession { address: long.clone(), ..session(id, "a") };
    assert_refused(store.sessions().create(address).await, "address");
    assert_refused(store.audit().append(NewAudit { detail: long, ..audit("a", "b") }).await, "detail");
    let far = NewSession { expires_ms: u64::MAX, ..session(id, "a") };
    assert_refused(store.sessions().create(far).await, "time");
    assert_refused(users.set_disabled(id, Some(u64::MAX)).await, "time");
    assert_refused(users.set_totp(id, Some(TotpSecret(vec![1; TOTP_BYTES + 1]))).await, "key");
    assert_refused(users.set_totp(id, Some(TotpSecret(Vec::new()))).await, "key");
    let codes = vec![secret("a"); RECOVERY_CODES + 1];
    assert_refused(users.set_recovery_codes(id, codes).await, "recovery codes");

    assert_eq!(users.list(None, 10).await, Ok(vec![admin]), "nothing was written");
    assert_eq!(store.tokens().all(None, 10).await, Ok(Vec::new()));
    assert_eq!(store.sessions().of_user(id).await, Ok(Vec::new()));
    assert_eq!(store.audit().verify().await.expect("verified").entries, 0);
    assert_eq!(store.notices().unannounced(10).await, Ok(Vec::new()));
}

pub(super) async fn what_no_store_keeps_finds_nothing(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    created(&*store, "mina", Role::Viewer).await;
    store.audit().append(audit("mina", "login")).await.expect("appended");
    assert_eq!(store.users().by_name_key("mina\0").await, Ok(None));
    assert_eq!(store.users().by_name_key(&"x".repeat(100_000)).await, Ok(None));
    let filter = AuditFilter { limit: 10, actor: Some("mina\0".into()), ..AuditFilter::default() };
    assert_eq!(store.audit().list(filter).await, Ok(Vec::new()));
    let filter = AuditFilter { limit: 10, before: Some(u64::MAX), ..AuditFilter::default() };
    assert_eq!(store.audit().list(filter).await.expect("listed").len(), 1);
}

pub(super) async fn values_at_the_bounds_come_back_as_they_were(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let name = "' \" \\ % _ ; -- \n".to_owned();
    let name = name.clone() + &"가".repeat((NAME_BYTES - name.len()) / "가".len());
    let made = created(&*store, &name, Role::Viewer).await;
    assert_eq!(made.name, name);
    assert_eq!(store.users().by_name_key(&name).await, Ok(Some(made.clone())));
    let scopes = vec!["x".repeat(SCOPE_BYTES); SCOPES];
    let long = NewToken { scopes: scopes.clone(), ..token(made.id, "a") };
    store.tokens().create(long).await.expect("made");
    assert_eq!(store.tokens().of_user(made.id).await.expect("listed")[0].scopes, scopes);
    let detail = "x".repeat(AUDIT_DETAIL_BYTES);
    let appended = store.audit().append(NewAudit { detail: detail.clone(), ..audit("a", "b") }).await;
    assert_eq!(appended.expect("appended").audit.detail, detail);
    assert_eq!(store.audit().verify().await.expect("verified").broken_at, None);
    let far = i64::MAX.cast_unsigned();
    let ends = NewSession { expires_ms: far, ..session(made.id, "a") };
    assert_eq!(store.sessions().create(ends).await.expect("it begins").expires_ms, far);
}

pub(super) async fn secrets_are_not_printed(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let id = created(&*store, "mina", Role::Viewer).await.id;
    store.users().set_totp(id, Some(TotpSecret(vec![123; 20]))).await.expect("set");
    store.sessions().create(session(id, "a")).await.expect("it begins");
    store.tokens().create(token(id, "b")).await.expect("made");
    store.invitations().create(invitation(id, "c")).await.expect("made");
    let printed = format!(
        "{:?} {:?} {:?} {:?} {store:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        store.users().by_id(id).await,
        store.sessions().by_secret(&secret("a")).await,
        store.tokens().by_secret(&secret("b")).await,
        store.invitations().by_secret(&secret("c")).await,
        session(id, "a"),
        token(id, "b"),
        invitation(id, "c"),
        enrolment(Some(id), "d"),
        host("e"),
        user("mina", Role::Viewer),
    );
    assert!(printed.contains("mina"), "rows are printed: {printed}");
    for word in ["argon2id", "salt", "123"] {
        assert!(!printed.contains(word), "{word} in {printed}");
    }
    for hash in ["a", "b", "c", "d", "key of e"].map(secret) {
        let numbers = format!("{:?}", &hash.0[..4]);
        assert!(!printed.contains(numbers.trim_matches(['[', ']'])), "a hash in {printed}");
    }
}
