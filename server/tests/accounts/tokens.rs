//! Programs and their tokens.

use std::time::{SystemTime, UNIX_EPOCH};

use store::{NewSession, SecretHash, Store, UserId};
use store_sqlite::{SqliteOptions, SqliteStore};

use crate::{
    PASSWORD,
    browser::Browser,
    support::{Answer, TestServer, request},
    with_admin,
};

async fn create(admin: &mut Browser, publish: &str, read: &str) -> String {
    admin.get("/account").await;
    let fields = [("name", "build"), ("read", read), ("publish", publish), ("send", ""), ("days", "30")];
    let answer = admin.send("/account/tokens/create", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let secret = answer.body.split("pbt_").nth(1).expect("it is shown once");
    format!("pbt_{}", secret.chars().take_while(char::is_ascii_alphanumeric).collect::<String>())
}

async fn publish(browser: &Browser, lines: &str, topic: &str) -> Answer {
    let body = format!(r#"{{"topic":"{topic}","data":1}}"#);
    let head = format!(
        "POST /api/v1/publish HTTP/1.1\r\nhost: {}\r\n{lines}content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        browser.to,
        body.len()
    );
    request(browser.to, &(head + &body)).await
}

async fn get(browser: &Browser, path: &str, lines: &str) -> Answer {
    let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{lines}connection: close\r\n\r\n", browser.to);
    request(browser.to, &head).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_its_scopes_say_until_it_is_revoked() {
    let (_server, mut admin) = with_admin().await;
    let token = create(&mut admin, "custom/*", "").await;
    assert!(!admin.get("/account").await.body.contains(&token), "it is shown once");
    let bearer = format!("authorization: Bearer {token}\r\n");
    assert_eq!(publish(&admin, &bearer, "custom/a").await.status, 200);
    assert_eq!(publish(&admin, "", "custom/a").await.status, 401);
    for (path, status) in
        [("/api/v1/hosts", 403), ("/metrics", 403), ("/api/v1/connections", 403), ("/account", 403)]
    {
        assert_eq!(get(&admin, path, &bearer).await.status, status, "{path}");
    }
    let reader = create(&mut admin, "", "*").await;
    let reader = format!("authorization: Bearer {reader}\r\n");
    assert_eq!(get(&admin, "/api/v1/hosts", &reader).await.status, 200);
    assert_eq!(get(&admin, "/metrics", &reader).await.status, 200);
    assert_eq!(publish(&admin, &reader, "custom/a").await.status, 403);
    admin.get("/account").await;
    assert_eq!(admin.send("/account/tokens/revoke", &[("id", "1")]).await.status, 200);
    let refused = publish(&admin, &bearer, "custom/a").await;
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.header("www-authenticate"),
        Some(r#"Bearer realm="pulseboard", error="invalid_token""#)
    );
    assert_eq!(get(&admin, "/metrics", &reader).await.status, 200, "the other one still holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_none_or_stands_in_the_address_is_refused_with_the_reason() {
    let (_server, mut admin) = with_admin().await;
    let token = create(&mut admin, "", "*").await;
    for lines in [
        "authorization: Bearer pbt_forged\r\n".to_owned(),
        format!("authorization: Basic {token}\r\n"),
        format!("authorization: Bearer {token}\r\nauthorization: Bearer {token}\r\n"),
        format!("authorization: Bearer {token}0\r\n"),
    ] {
        assert_eq!(get(&admin, "/api/v1/hosts", &lines).await.status, 401, "{lines}");
    }
    for name in ["token", "access_token", "api_key"] {
        let answer = get(&admin, &format!("/api/v1/hosts?{name}={token}"), "").await;
        assert_eq!(answer.status, 401);
        assert!(answer.body.contains("stands in logs"), "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_is_none_makes_no_token() {
    let (_server, mut admin) = with_admin().await;
    for (read, publish) in [("", ""), ("Custom/*", ""), ("", "a,b"), ("a/b/c/d/e", "")] {
        admin.get("/account").await;
        let fields = [("name", "build"), ("read", read), ("publish", publish), ("send", ""), ("days", "30")];
        assert_eq!(admin.send("/account/tokens/create", &fields).await.status, 422, "{read} {publish}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_of_a_proxy_before_us_is_none_of_ours() {
    let (_server, mut admin) = with_admin().await;
    admin.lines = "authorization: Basic a2ltOnNlY3JldA==\r\n".to_owned();
    assert_eq!(admin.get("/account").await.status, 200, "the session counts");
    assert_eq!(admin.get("/api/v1/hosts").await.status, 200);
    assert_eq!(
        admin.get("/?token=of-something-else").await.status,
        200,
        "a page's address carries no token of ours"
    );
}

const MINUTE_MS: u64 = 60 * 1_000;

/// A browser of the first account whose sign-in was so long ago.
async fn signed_in_before(server: &TestServer, ago_ms: u64) -> Browser {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    let store = SqliteStore::open(server.data.path(), SqliteOptions::default()).expect("the store");
    let secret = format!("a-session-of-{ago_ms}-ms-ago");
    let session = NewSession {
        user: UserId(1),
        password: None,
        secret: SecretHash::of(secret.as_bytes()),
        created_ms: now - ago_ms,
        expires_ms: now + 60 * MINUTE_MS,
        address: "127.0.0.1".into(),
        agent: String::new(),
    };
    store.sessions().create(session).await.expect("a session");
    store.close().await;
    let mut browser = Browser::new(server.address);
    browser.cookies.insert("pulseboard-session".into(), secret);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_alone_makes_no_token_ten_minutes_after_its_sign_in() {
    let (server, mut admin) = with_admin().await;
    assert!(!admin.get("/account").await.body.contains("id=\"token-password\""), "it has just signed in");
    let mut browser = signed_in_before(&server, 11 * MINUTE_MS).await;
    let page = browser.get("/account").await;
    assert!(page.body.contains("id=\"token-password\""), "{}", page.body);
    let fields = [("name", "build"), ("read", "*"), ("publish", ""), ("send", ""), ("days", "30")];
    let made = |answer: &Answer| answer.body.contains("pbt_");
    let refused = browser.send("/account/tokens/create", &fields).await;
    assert_eq!((refused.status, made(&refused)), (422, false), "{}", refused.body);
    assert!(refused.body.contains("value=\"build\""), "nothing that was typed is lost");
    let wrong = [&fields[..], &[("current_password", "a wrong password of someone")]].concat();
    let refused = browser.send("/account/tokens/create", &wrong).await;
    assert_eq!((refused.status, made(&refused)), (422, false));
    let right = [&fields[..], &[("current_password", PASSWORD)]].concat();
    let answer = browser.send("/account/tokens/create", &right).await;
    assert_eq!((answer.status, made(&answer)), (200, true), "{}", answer.body);
    let log = admin.get("/settings/audit.json").await.body;
    assert!(log.contains("password_refused"), "{log}");
    let mut fresh = signed_in_before(&server, 9 * MINUTE_MS).await;
    fresh.get("/account").await;
    assert!(
        made(&fresh.send("/account/tokens/create", &fields).await),
        "a sign-in is a proof for ten minutes"
    );
}
