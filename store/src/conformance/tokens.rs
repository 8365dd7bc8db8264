//! Cases of tokens.

use common::role::Role;

use super::fixture::{Fixture, NOW, created, secret, token};
use crate::{NewToken, StoreError, TokenId, UserId};

pub(super) async fn a_token_is_found_by_its_secret(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let tokens = store.tokens();
    let user = created(&*store, "mina", Role::Operator).await;
    let made = tokens.create(token(user.id, "a")).await.expect("made");
    assert_eq!((made.user, made.name.as_str(), made.created_ms), (user.id, "token a", NOW));
    assert_eq!(made.scopes, token(user.id, "a").scopes);
    assert_eq!((made.expires_ms, made.last_used_ms), (None, None));
    assert_eq!(tokens.by_secret(&secret("a")).await, Ok(Some((made.clone(), user.clone()))));
    assert_eq!(tokens.by_secret(&secret("b")).await, Ok(None));
    assert_eq!(tokens.create(token(UserId(4242), "c")).await, Err(StoreError::NotFound));

    let bare = NewToken { scopes: Vec::new(), expires_ms: Some(NOW + 9), ..token(user.id, "bare") };
    let bare = tokens.create(bare).await.expect("made");
    assert_eq!((bare.scopes.len(), bare.expires_ms), (0, Some(NOW + 9)));
    assert_eq!(tokens.touch(made.id, NOW + 60).await, Ok(true));
    assert_eq!(tokens.touch(made.id, NOW + 50).await, Ok(true));
    assert_eq!(tokens.touch(TokenId(4242), NOW).await, Ok(false));
    let of_user = tokens.of_user(user.id).await.expect("listed");
    let used: Vec<_> = of_user.iter().map(|token| (token.id, token.last_used_ms)).collect();
    assert_eq!(used, [(bare.id, None), (made.id, Some(NOW + 60))], "the newest first");
}

pub(super) async fn tokens_are_listed_in_pages(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let users =
        [created(&*store, "mina", Role::Viewer).await.id, created(&*store, "jun", Role::Viewer).await.id];
    let mut made = Vec::new();
    for n in 0..5 {
        made.push(store.tokens().create(token(users[n % 2], &n.to_string())).await.expect("made").id);
    }
    let first = store.tokens().all(None, 3).await.expect("listed");
    assert_eq!(first.iter().map(|token| token.id).collect::<Vec<_>>(), made[..3]);
    let rest = store.tokens().all(Some(made[2]), 3).await.expect("listed");
    assert_eq!(rest.iter().map(|token| token.id).collect::<Vec<_>>(), made[3..]);
}

pub(super) async fn tokens_end_alone_or_together(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let tokens = store.tokens();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let jun = created(&*store, "jun", Role::Viewer).await.id;
    let mut made = Vec::new();
    for (user, name) in [(mina, "a"), (mina, "b"), (mina, "c"), (jun, "d")] {
        made.push(tokens.create(token(user, name)).await.expect("made").id);
    }
    assert_eq!(tokens.revoke(made[1]).await, Ok(true));
    assert_eq!(tokens.revoke(made[1]).await, Ok(false));
    assert_eq!(tokens.by_secret(&secret("b")).await, Ok(None));
    assert_eq!(tokens.revoke_of_user(mina).await, Ok(vec![made[0], made[2]]));
    assert_eq!(tokens.of_user(mina).await, Ok(Vec::new()));
    assert_eq!(tokens.of_user(jun).await.expect("listed").len(), 1);
}
