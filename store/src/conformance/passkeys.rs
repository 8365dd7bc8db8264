//! Cases of passkeys.

use common::role::Role;
use futures_util::future::join_all;

use super::fixture::{Fixture, NOW, assert_refused, created, passkey, secret};
use crate::{
    AnsweredChallenge, CREDENTIAL_BYTES, CREDENTIAL_ID_BYTES, DOMAIN_BYTES, NAME_BYTES, NewPasskey, Passkey,
    PasskeyId, Store, StoreError, UserId,
};

/// A challenge that was answered and ends a minute after the suite begins.
fn challenge(text: &str) -> AnsweredChallenge {
    AnsweredChallenge { hash: secret(text), expires_ms: NOW + 60_000 }
}

/// Finds a passkey that is there.
async fn found(store: &dyn Store, credential_id: &[u8]) -> Passkey {
    let found = store.passkeys().by_credential(credential_id).await;
    found.expect("asked").expect("it is there").0
}

pub(super) async fn a_passkey_is_found_by_its_credential(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let passkeys = store.passkeys();
    let mina = created(&*store, "mina", Role::Operator).await;
    assert_eq!(passkeys.by_credential(b"a").await, Ok(None));
    let made = passkeys.create(passkey(mina.id, "a")).await.expect("made");
    let NewPasskey { user, name, domain, credential, created_ms, .. } = passkey(mina.id, "a");
    let expected = Passkey { id: made.id, user, name, domain, credential, created_ms, last_used_ms: None };
    assert_eq!(made, expected);
    assert_eq!(passkeys.by_credential(b"a").await, Ok(Some((made.clone(), mina.clone()))));
    for stranger in [&b"b"[..], b"a\0", b"A", b"", &[0xff; 5000]] {
        assert_eq!(passkeys.by_credential(stranger).await, Ok(None), "{stranger:?}");
    }
    assert_eq!(passkeys.create(passkey(UserId(4242), "b")).await, Err(StoreError::NotFound));
    assert_eq!(passkeys.by_credential(b"b").await, Ok(None));
    created(&*store, "admin", Role::Admin).await;
    store.users().set_disabled(mina.id, Some(NOW)).await.expect("set");
    let (again, owner) = passkeys.by_credential(b"a").await.expect("asked").expect("it is there");
    assert_eq!((again, owner.id), (made, mina.id));
    assert_eq!(owner.disabled_ms, Some(NOW), "whoever asks can see that it is disabled");
}

pub(super) async fn a_credential_is_one_passkeys(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mina = created(&*one, "mina", Role::Viewer).await.id;
    let jun = created(&*one, "jun", Role::Viewer).await.id;
    let tries = (0..10).map(|n| {
        let new = passkey(if n < 5 { mina } else { jun }, "a");
        if n % 2 == 0 { &one } else { &two }.passkeys().create(new)
    });
    let tried = join_all(tries).await;
    let made: Vec<_> = tried.iter().flatten().collect();
    assert_eq!(made.len(), 1);
    assert_eq!(tried.iter().filter(|made| **made == Err(StoreError::PasskeyTaken)).count(), 9, "{tried:?}");
    for user in [mina, jun] {
        assert_eq!(two.passkeys().create(passkey(user, "a")).await, Err(StoreError::PasskeyTaken));
    }
    assert_eq!(found(&*two, b"a").await, *made[0], "it is as its owner made it");
    assert_eq!(one.passkeys().remove(made[0].id).await, Ok(true));
    let next = two.passkeys().create(passkey(jun, "a")).await.expect("it is free again");
    assert_eq!(next.user, jun);
    assert!(next.id > made[0].id, "a number is given once");
}

pub(super) async fn passkeys_are_listed_and_removed(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let passkeys = store.passkeys();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let jun = created(&*store, "jun", Role::Viewer).await.id;
    let mut made = Vec::new();
    for (user, text) in [(mina, "a"), (jun, "b"), (mina, "c"), (mina, "d")] {
        made.push(passkeys.create(passkey(user, text)).await.expect("made"));
    }
    let ids: Vec<_> = made.iter().map(|made| made.id).collect();
    // A use changes no order.
    assert_eq!(passkeys.take_answer(ids[0], "used".into(), challenge("x"), NOW).await, Ok(true));
    let listed = passkeys.of_user(mina).await.expect("listed");
    assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [ids[3], ids[2], ids[0]]);
    assert_eq!(listed[..2], [made[3].clone(), made[2].clone()], "the newest first");
    assert_eq!(passkeys.of_user(UserId(4242)).await, Ok(Vec::new()));

    assert_eq!(passkeys.remove(ids[2]).await, Ok(true));
    assert_eq!(passkeys.remove(ids[2]).await, Ok(false));
    assert_eq!(passkeys.remove(PasskeyId(u64::MAX)).await, Ok(false));
    assert_eq!(passkeys.by_credential(b"c").await, Ok(None));
    assert_eq!(passkeys.remove_of_user(mina).await, Ok(vec![ids[0], ids[3]]));
    assert_eq!(passkeys.remove_of_user(mina).await, Ok(Vec::new()));
    assert_eq!(passkeys.of_user(mina).await, Ok(Vec::new()));
    assert_eq!(passkeys.of_user(jun).await, Ok(vec![made[1].clone()]), "others keep theirs");
}

pub(super) async fn a_challenge_is_answered_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mina = created(&*one, "mina", Role::Viewer).await.id;
    let mut ids = Vec::new();
    for text in ["a", "b"] {
        ids.push(one.passkeys().create(passkey(mina, text)).await.expect("made").id);
    }
    for round in 0..5 {
        let word = format!("challenge {round}");
        let tries = (0..20).map(|n| {
            let store = if n % 2 == 0 { &one } else { &two };
            let credential = format!("{word} by {n}");
            store.passkeys().take_answer(ids[n % 4 / 2], credential, challenge(&word), NOW + round)
        });
        let taken = join_all(tries).await.into_iter().map(|taken| taken.expect("asked"));
        let taken: Vec<_> = taken.enumerate().filter(|(_, taken)| *taken).map(|(n, _)| n).collect();
        let [winner] = taken[..] else { panic!("one answers: {taken:?}") };
        let kept = [found(&*two, b"a").await, found(&*two, b"b").await];
        let credential = format!("{word} by {winner}");
        let changed: Vec<_> = kept.iter().filter(|kept| kept.credential.starts_with(&word)).collect();
        let [changed] = changed[..] else { panic!("one is changed: {kept:?}") };
        assert_eq!((changed.id, &changed.credential), (ids[winner % 4 / 2], &credential));
        assert_eq!(changed.last_used_ms, Some(NOW + round));
    }
    let again = one.passkeys().take_answer(ids[0], "late".into(), challenge("challenge 0"), NOW + 59_999);
    assert_eq!(again.await, Ok(false), "until its end it is known");
    assert_ne!(found(&*one, b"a").await.credential, "late", "nothing is changed");
}

pub(super) async fn use_of_a_passkey_is_noted_and_never_earlier(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let passkeys = store.passkeys();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let made = passkeys.create(passkey(mina, "a")).await.expect("made");
    let other = passkeys.create(passkey(mina, "b")).await.expect("made");
    assert_eq!(passkeys.take_answer(made.id, "one".into(), challenge("x"), NOW + 60).await, Ok(true));
    let used = Passkey { credential: "one".into(), last_used_ms: Some(NOW + 60), ..made.clone() };
    assert_eq!(found(&*store, b"a").await, used);
    // A node with a clock that is behind.
    assert_eq!(passkeys.take_answer(made.id, "two".into(), challenge("y"), NOW + 50).await, Ok(true));
    assert_eq!(found(&*store, b"a").await, Passkey { credential: "two".into(), ..used });
    assert_eq!(found(&*store, b"b").await, other, "another passkey is as it was");
}

pub(super) async fn a_passkey_that_is_gone_uses_no_challenge_up(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let passkeys = store.passkeys();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let gone = passkeys.create(passkey(mina, "a")).await.expect("made").id;
    let kept = passkeys.create(passkey(mina, "b")).await.expect("made");
    assert_eq!(passkeys.remove(gone).await, Ok(true));
    for id in [gone, PasskeyId(4242), PasskeyId(u64::MAX)] {
        assert_eq!(passkeys.take_answer(id, "new".into(), challenge("x"), NOW).await, Ok(false));
    }
    assert_eq!(passkeys.of_user(mina).await, Ok(vec![kept.clone()]), "nothing is changed");
    assert_eq!(passkeys.take_answer(kept.id, "new".into(), challenge("x"), NOW).await, Ok(true));
}

pub(super) async fn a_challenge_that_has_ended_is_forgotten(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mina = created(&*one, "mina", Role::Viewer).await.id;
    let id = one.passkeys().create(passkey(mina, "a")).await.expect("made").id;
    let take = |n: u64, word: &str, now_ms: u64, expires_ms: u64| {
        let challenge = AnsweredChallenge { hash: secret(word), expires_ms };
        let store = if n.is_multiple_of(2) { &one } else { &two };
        store.passkeys().take_answer(id, format!("{word} at {now_ms}"), challenge, now_ms)
    };
    assert_eq!(take(0, "long", NOW, NOW + 500).await, Ok(true));
    assert_eq!(take(0, "short", NOW, NOW + 100).await, Ok(true));
    assert_eq!(take(1, "short", NOW + 99, NOW + 200).await, Ok(false));
    assert_eq!(take(1, "short", NOW + 100, NOW + 200).await, Ok(true), "its end has come");
    assert_eq!(take(0, "short", NOW + 199, NOW + 300).await, Ok(false), "the new end holds");
    // Of many nodes that forget it at once, one answers it anew.
    let tries = join_all((0..20).map(|n| take(n, "short", NOW + 200, NOW + 300))).await;
    assert_eq!(tries.iter().filter(|taken| **taken == Ok(true)).count(), 1, "{tries:?}");
    assert_eq!(tries.iter().filter(|taken| **taken == Ok(false)).count(), 19, "{tries:?}");
    assert_eq!(take(0, "long", NOW + 499, NOW + 900).await, Ok(false), "others are kept until their own end");
}

pub(super) async fn bounds_of_passkeys_hold(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let passkeys = store.passkeys();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let new = || passkey(mina, "a");
    for bad in ["x".repeat(20_000), String::new(), "nul\0nul".to_owned()] {
        let [name, domain, credential] = [bad.clone(), bad.clone(), bad.clone()];
        assert_refused(passkeys.create(NewPasskey { name, ..new() }).await, "name");
        assert_refused(passkeys.create(NewPasskey { domain, ..new() }).await, "domain");
        assert_refused(passkeys.create(NewPasskey { credential, ..new() }).await, "credential");
    }
    for bad in [Vec::new(), vec![1; CREDENTIAL_ID_BYTES + 1]] {
        assert_refused(passkeys.create(NewPasskey { credential_id: bad, ..new() }).await, "credential id");
    }
    assert_refused(passkeys.create(NewPasskey { created_ms: u64::MAX, ..new() }).await, "time");
    assert_eq!(passkeys.of_user(mina).await, Ok(Vec::new()), "nothing was written");

    // NUL is a byte as others are.
    let credential_id: Vec<u8> = (0..CREDENTIAL_ID_BYTES).map(|n| n.to_le_bytes()[0]).collect();
    let longest = NewPasskey {
        name: "x".repeat(NAME_BYTES),
        domain: "x".repeat(DOMAIN_BYTES),
        credential_id: credential_id.clone(),
        credential: "x".repeat(CREDENTIAL_BYTES),
        ..new()
    };
    let made = passkeys.create(longest.clone()).await.expect("made");
    assert_eq!(
        (&made.name, &made.domain, &made.credential),
        (&longest.name, &longest.domain, &longest.credential)
    );
    assert_eq!(found(&*store, &credential_id).await, made);

    for bad in ["x".repeat(CREDENTIAL_BYTES + 1), String::new(), "nul\0nul".to_owned()] {
        assert_refused(passkeys.take_answer(made.id, bad, challenge("x"), NOW).await, "credential");
    }
    let far = AnsweredChallenge { expires_ms: u64::MAX, ..challenge("x") };
    assert_refused(passkeys.take_answer(made.id, "new".into(), far, NOW).await, "time");
    assert_refused(passkeys.take_answer(made.id, "new".into(), challenge("x"), u64::MAX).await, "time");
    assert_eq!(found(&*store, &credential_id).await, made, "nothing is changed");
    let taken = passkeys.take_answer(made.id, longest.credential, challenge("x"), NOW).await;
    assert_eq!(taken, Ok(true), "the challenge was not used up");
}
