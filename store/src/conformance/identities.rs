//! Cases of identities.

use common::role::Role;
use futures_util::future::join_all;

use super::fixture::{Fixture, NOW, created, user};
use crate::{ISSUER_BYTES, Identity, StoreError, UserId};

fn identity(issuer: &str, subject: &str) -> Identity {
    Identity { issuer: issuer.into(), subject: subject.into() }
}

pub(super) async fn an_identity_is_issuer_and_subject_together(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let identities = store.identities();
    let (one, other) = (identity("https://a", "7"), identity("https://b", "7"));
    assert_eq!(identities.user(&one).await, Ok(None));
    let mina = identities.create_user(one.clone(), user("mina", Role::Operator)).await.expect("made");
    assert_eq!((mina.name.as_str(), mina.role), ("mina", Role::Operator));
    assert_eq!(identities.user(&one).await, Ok(Some(mina.clone())));
    for stranger in [&other, &identity("https://a", "70"), &identity("https://a/", "7"), &identity("", "")] {
        assert_eq!(identities.user(stranger).await, Ok(None), "{stranger:?}");
    }
    let jun = created(&*store, "jun", Role::Viewer).await.id;
    identities.bind(other.clone(), jun, NOW).await.expect("bound");
    identities.bind(other.clone(), jun, NOW).await.expect("it is bound already");
    assert_eq!(identities.bind(one.clone(), jun, NOW).await, Err(StoreError::IdentityTaken));
    let nobody = identities.bind(identity("https://c", "1"), UserId(4242), NOW).await;
    assert_eq!(nobody, Err(StoreError::NotFound));
    identities.bind(identity("https://c", "1"), mina.id, NOW).await.expect("a second one");
    assert_eq!(identities.of_user(mina.id).await, Ok(vec![one.clone(), identity("https://c", "1")]));
    store.users().set_disabled(mina.id, Some(NOW)).await.expect("set");
    let found = identities.user(&one).await.expect("asked").expect("it is there");
    assert_eq!(found.disabled_ms, Some(NOW), "whoever asks can see that it is disabled");
    let gone = identities.unbind(mina.id).await;
    assert_eq!(gone, Ok(vec![one.clone(), identity("https://c", "1")]));
    assert_eq!(identities.user(&one).await, Ok(None));
    assert_eq!(identities.user(&other).await.expect("asked").map(|user| user.id), Some(jun));
    let long = identity(&"x".repeat(ISSUER_BYTES + 1), "7");
    assert_eq!(identities.bind(long, jun, NOW).await.expect_err("refused").kind(), "invalid");
    assert_eq!(identities.user(&identity("a\0", "b")).await, Ok(None), "no store keeps it");
}

pub(super) async fn of_many_who_come_at_once_with_an_identity_one_is_made(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let tries = (0..10).map(|n| {
        let new = user(&format!("guest {n}"), Role::Viewer);
        if n % 2 == 0 { &one } else { &two }.identities().create_user(identity("https://a", "7"), new)
    });
    let made: Vec<_> = join_all(tries).await;
    let users: Vec<_> = made.iter().flatten().collect();
    assert_eq!(users.len(), 1);
    assert_eq!(made.iter().filter(|made| **made == Err(StoreError::IdentityTaken)).count(), 9, "{made:?}");
    assert_eq!(two.users().list(None, 100).await.expect("listed").len(), 1, "no user is left without one");
    let taken = one.identities().create_user(identity("https://a", "8"), user(&users[0].name, Role::Admin));
    assert_eq!(taken.await, Err(StoreError::NameTaken));
    assert_eq!(one.identities().user(&identity("https://a", "8")).await, Ok(None));
}
