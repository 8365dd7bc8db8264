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

pub(super) async fn a_second_factor_is_turned_on_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let id = created(&*one, "mina", Role::Viewer).await.id;
    // A key that nobody has confirmed is no second factor.
    one.users().set_totp(id, key(9)).await.expect("set");
    let tries = (0..10_u8).map(|n| {
        let codes = vec![secret(&format!("a{n}")), secret(&format!("b{n}"))];
        if n % 2 == 0 { &one } else { &two }.users().turn_totp_on(id, TotpSecret(vec![n; 20]), 7, codes)
    });
    let turned = join_all(tries).await.into_iter().map(|turned| turned.expect("asked"));
    let turned: Vec<_> = turned.enumerate().filter(|(_, turned)| *turned).map(|(n, _)| n).collect();
    let [winner] = turned[..] else { panic!("one turns it on: {turned:?}") };
    let user = two.users().by_id(id).await.expect("asked").expect("it is there");
    assert_eq!((user.totp, user.totp_step), (key(u8::try_from(winner).expect("small")), Some(7)));
    assert_eq!(two.users().recovery_codes_left(id).await, Ok(2));
    assert_eq!(one.users().take_recovery_code(id, secret(&format!("a{winner}"))).await, Ok(true));
    assert_eq!(one.users().take_totp_step(id, 7).await, Ok(false), "the first code is used up");
    one.users().set_totp(id, None).await.expect("set");
    assert_eq!(one.users().turn_totp_on(id, TotpSecret(vec![1; 20]), 8, Vec::new()).await, Ok(true));
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
