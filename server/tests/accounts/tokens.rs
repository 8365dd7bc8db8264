//! Programs and their tokens.

use crate::{
    browser::Browser,
    support::{Answer, request},
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
