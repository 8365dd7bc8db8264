//! Cases of one-time passwords and recovery codes.

use common::role::Role;
use futures_util::future::join_all;

use super::fixture::{Fixture, created, secret};
use crate::{TotpSecret, UserId};

fn key(byte: u8) -> Option<TotpSecret> {
    Some(TotpSecret(vec![byte; 20]))
}

pub(super) async fn a_step_is_used_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let id = created(&*one, "mina", Role::Viewer).await.id;
    assert_eq!(one.users().take_totp_step(id, 7).await, Ok(false), "there is no key");
    one.users().set_totp(id, key(1)).await.expect("set");
    let tries = (0..20).map(|n| if n % 2 == 0 { &one } else { &two }.users().take_totp_step(id, 7));
    let taken: Vec<_> = join_all(tries).await.into_iter().map(|taken| taken.expect("asked")).collect();
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
    assert_eq!(two.users().take_totp_step(id, 6).await, Ok(false), "a later one was used");
    assert_eq!(two.users().take_totp_step(id, 8).await, Ok(true));
    let user = one.users().by_id(id).await.expect("asked").expect("it is there");
    assert_eq!((user.totp, user.totp_step), (key(1), Some(8)));
}

pub(super) async fn a_new_key_begins_anew(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let users = store.users();
    let id = created(&*store, "mina", Role::Viewer).await.id;
    users.set_totp(id, key(1)).await.expect("set");
    assert_eq!(users.take_totp_step(id, 7).await, Ok(true));
    users.set_totp(id, key(2)).await.expect("set");
    assert_eq!(users.take_totp_step(id, 7).await, Ok(true));
    users.set_totp(id, None).await.expect("set");
    let user = users.by_id(id).await.expect("asked").expect("it is there");
    assert_eq!((user.totp, user.totp_step), (None, None));
    assert_eq!(users.take_totp_step(id, 9).await, Ok(false));
}

pub(super) async fn a_recovery_code_is_used_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let id = created(&*one, "mina", Role::Viewer).await.id;
    let other = created(&*one, "jun", Role::Viewer).await.id;
    let codes = |words: &[&str]| words.iter().map(|word| secret(word)).collect::<Vec<_>>();
    one.users().set_recovery_codes(id, codes(&["a", "b", "c"])).await.expect("set");
    one.users().set_recovery_codes(other, codes(&["a", "z"])).await.expect("set");
    let take = |id: UserId, word: &str| one.users().take_recovery_code(id, secret(word));
    let tries =
        (0..10).map(|n| if n % 2 == 0 { &one } else { &two }.users().take_recovery_code(id, secret("a")));
    let taken: Vec<_> = join_all(tries).await.into_iter().map(|taken| taken.expect("asked")).collect();
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
    assert_eq!(take(id, "z").await, Ok(false), "it is someone else's");
    assert_eq!(take(other, "a").await, Ok(true));
    assert_eq!(two.users().recovery_codes_left(id).await, Ok(2));
    one.users().set_recovery_codes(id, codes(&["d"])).await.expect("replaced");
    assert_eq!(take(id, "b").await, Ok(false));
    assert_eq!(two.users().recovery_codes_left(id).await, Ok(1));
    assert_eq!(two.users().recovery_codes_left(other).await, Ok(1));
}

pub(super) async fn recovery_codes_go_with_the_second_factor(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let users = store.users();
    let id = created(&*store, "mina", Role::Viewer).await.id;
    users.set_totp(id, key(1)).await.expect("set");
    users.set_recovery_codes(id, vec![secret("a")]).await.expect("set");
    users.set_totp(id, key(2)).await.expect("set");
    assert_eq!(users.recovery_codes_left(id).await, Ok(1));
    users.set_totp(id, None).await.expect("set");
    assert_eq!(users.recovery_codes_left(id).await, Ok(0));
    assert_eq!(users.take_recovery_code(id, secret("a")).await, Ok(false));
}
