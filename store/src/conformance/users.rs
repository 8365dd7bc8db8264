//! Cases of users and their roles.

use common::role::Role;
use futures_util::future::{join, join_all};

use super::fixture::{Fixture, NOW, created, user};
use crate::{PasswordHash, StoreError, TotpSecret, UserId};

pub(super) async fn a_user_comes_back_as_it_was_made(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let users = store.users();
    assert!(!users.any().await.expect("asked"));
    let made = created(&*store, "민아", Role::Admin).await;
    assert!(users.any().await.expect("asked"));
    assert_eq!((made.name.as_str(), made.role, made.created_ms), ("민아", Role::Admin, NOW));
    assert_eq!(made.password, user("민아", Role::Admin).password);
    assert_eq!((made.disabled_ms, made.totp.clone(), made.totp_step), (None, None, None));
    assert_eq!(users.by_id(made.id).await.expect("asked"), Some(made.clone()));
    assert_eq!(users.by_name_key("민아").await.expect("asked"), Some(made.clone()));
    assert_eq!(users.by_name_key("민").await.expect("asked"), None);

    let other = created(&*store, "Jun", Role::Viewer).await;
    let hash = PasswordHash("$argon2id$other".into());
    users.set_password(other.id, hash.clone(), None).await.expect("set");
    users.set_role(other.id, Role::Operator).await.expect("set");
    users.set_disabled(other.id, Some(NOW + 5)).await.expect("set");
    let changed = users.by_id(other.id).await.expect("asked").expect("it is there");
    assert_eq!(
        (changed.password, changed.role, changed.disabled_ms),
        (Some(hash), Role::Operator, Some(NOW + 5))
    );
    users.set_disabled(other.id, None).await.expect("set");
    assert_eq!(users.by_id(other.id).await.expect("asked").and_then(|user| user.disabled_ms), None);
    assert_eq!(users.by_id(made.id).await.expect("asked"), Some(made), "nobody else is changed");
}

pub(super) async fn a_folded_name_is_given_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let tries = (0..10).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.users().create(user(if n < 5 { "MINA" } else { "mina" }, Role::Admin))
    });
    let made = join_all(tries).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    let refused = made.into_iter().filter_map(Result::err);
    refused.for_each(|error| assert_eq!(error, StoreError::NameTaken));
    assert_eq!(one.users().list(None, 100).await.expect("listed").len(), 1);
}

pub(super) async fn of_many_first_users_one_is_made(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let tries = (0..20).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.users().create_first(user(&format!("admin {n}"), Role::Admin))
    });
    let made: Vec<_> = join_all(tries).await.into_iter().map(|made| made.expect("asked")).collect();
    assert_eq!(made.iter().flatten().count(), 1);
    let listed = two.users().list(None, 100).await.expect("listed");
    assert_eq!(listed, made.into_iter().flatten().collect::<Vec<_>>());
}

pub(super) async fn an_active_admin_is_always_left(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let users = store.users();
    let admin = created(&*store, "admin", Role::Admin).await;
    let other = created(&*store, "other", Role::Viewer).await;
    assert_eq!(users.set_role(admin.id, Role::Viewer).await, Err(StoreError::LastAdmin));
    assert_eq!(users.set_disabled(admin.id, Some(NOW)).await, Err(StoreError::LastAdmin));
    assert_eq!(users.by_id(admin.id).await.expect("asked"), Some(admin.clone()), "nothing was changed");
    users.set_role(admin.id, Role::Admin).await.expect("it is one already");

    users.set_role(other.id, Role::Admin).await.expect("set");
    users.set_disabled(other.id, Some(NOW)).await.expect("another is active");
    let refused = users.set_role(admin.id, Role::Viewer).await;
    assert_eq!(refused, Err(StoreError::LastAdmin), "a disabled admin manages nothing");
    users.set_role(other.id, Role::Viewer).await.expect("a disabled admin may go");
    users.set_disabled(other.id, None).await.expect("set");
    users.set_role(other.id, Role::Admin).await.expect("set");
    users.set_disabled(admin.id, Some(NOW)).await.expect("another is active");
}

pub(super) async fn of_two_admins_who_leave_at_once_one_stays(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mut stayed = created(&*one, "first", Role::Admin).await.id;
    for round in 0..10 {
        let came = created(&*one, &format!("admin {round}"), Role::Admin).await.id;
        let role = one.users().set_role(stayed, Role::Viewer);
        let (left, disabled) = join(role, two.users().set_disabled(came, Some(NOW))).await;
        stayed = match (left, disabled) {
            (Ok(()), Err(StoreError::LastAdmin)) => came,
            (Err(StoreError::LastAdmin), Ok(())) => stayed,
            other => panic!("one stays: {other:?}"),
        };
    }
}

pub(super) async fn who_is_not_there_is_not_changed(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let users = store.users();
    created(&*store, "admin", Role::Admin).await;
    for id in [UserId(4242), UserId(u64::MAX)] {
        assert_eq!(users.by_id(id).await, Ok(None));
        assert_eq!(users.set_password(id, PasswordHash("$x".into()), None).await, Err(StoreError::NotFound));
        assert_eq!(users.set_role(id, Role::Viewer).await, Err(StoreError::NotFound));
        assert_eq!(users.set_disabled(id, Some(NOW)).await, Err(StoreError::NotFound));
        assert_eq!(users.set_totp(id, Some(TotpSecret(vec![1]))).await, Err(StoreError::NotFound));
        assert_eq!(users.set_recovery_codes(id, Vec::new()).await, Err(StoreError::NotFound));
        let on = users.turn_totp_on(id, TotpSecret(vec![1]), 1, Vec::new()).await;
        assert_eq!(on, Err(StoreError::NotFound));
        assert_eq!(users.take_totp_step(id, 1).await, Ok(false));
        assert_eq!(users.recovery_codes_left(id).await, Ok(0));
    }
}

pub(super) async fn users_are_listed_in_pages(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let mut made = Vec::new();
    for n in 0..7 {
        made.push(created(&*store, &format!("user {n}"), Role::Viewer).await.id);
    }
    let mut listed = Vec::new();
    loop {
        let page = store.users().list(listed.last().copied(), 3).await.expect("listed");
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        listed.extend(page.iter().map(|user| user.id));
    }
    assert_eq!(listed, made);
    assert_eq!(store.users().list(None, usize::MAX).await.expect("listed").len(), 7);
    assert_eq!(store.users().list(Some(UserId(u64::MAX)), 10).await, Ok(Vec::new()));
}
