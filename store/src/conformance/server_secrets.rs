//! Cases of the server's own secrets.

use futures_util::future::join_all;

use super::fixture::{Fixture, assert_refused};
use crate::{NAME_BYTES, SERVER_SECRET_BYTES};

pub(super) async fn nodes_that_ask_at_once_are_given_one_secret(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mut kept = Vec::new();
    for name in ["first", "second", "third"] {
        let tries = (0..20_u8).map(|n| {
            let store = if n % 2 == 0 { &one } else { &two };
            store.server_secrets().get_or_create(name, [name.as_bytes(), &[n, 0, 0xff]].concat())
        });
        let given = join_all(tries).await.into_iter().map(|given| given.expect("asked"));
        let given: Vec<_> = given.collect();
        assert!(given.iter().all(|secret| *secret == given[0]), "{given:?}");
        let candidate = given[0].strip_prefix(name.as_bytes());
        assert!(matches!(candidate, Some([0..20, 0, 0xff])), "it is one of the candidates: {given:?}");
        kept.push((name, given[0].clone()));
    }
    assert!(kept[0].1 != kept[1].1 && kept[1].1 != kept[2].1, "each name has its own");
    one.close().await;
    let store = fixture.open().await;
    for (name, secret) in kept {
        let later = store.server_secrets().get_or_create(name, b"later".to_vec()).await;
        assert_eq!(later, Ok(secret), "it stays for good");
    }
}

pub(super) async fn bounds_of_secrets_hold(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let secrets = store.server_secrets();
    for bad in ["x".repeat(NAME_BYTES + 1), String::new(), "nul\0nul".to_owned()] {
        assert_refused(secrets.get_or_create(&bad, vec![1; 32]).await, "name");
    }
    for bad in [Vec::new(), vec![1; SERVER_SECRET_BYTES + 1]] {
        assert_refused(secrets.get_or_create("key", bad).await, "secret");
    }
    let (name, longest) = ("x".repeat(NAME_BYTES), vec![0; SERVER_SECRET_BYTES]);
    assert_eq!(secrets.get_or_create(&name, longest.clone()).await, Ok(longest));
    assert_eq!(secrets.get_or_create("key", vec![7; 32]).await, Ok(vec![7; 32]), "nothing was kept of it");
}
