//! Bad input is refused with a clear word, and changes nothing.

use serde_json::{Value, json};

use crate::{
    support::post,
    team::{Team, ask, json, send, titles},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_cannot_be_sent_is_refused_with_the_reason() {
    let team = Team::start().await;
    let good = json!({"to": "all", "level": "info", "title": "good"});
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body.to_string()
    };
    let without = |field: &str| {
        let mut body = good.clone();
        body.as_object_mut().expect("an object").remove(field);
        body.to_string()
    };
    let far = 1_000_000_000_000_000_u64;
    let cases = [
        (with("to", json!("team:a")), 422, "no audience"),
        (with("to", json!("role:root")), 422, "no audience"),
        (with("to", json!("ALL")), 422, "no audience"),
        (with("to", json!("user:")), 422, "no active account"),
        (with("to", json!("user:nobody")), 422, "no active account"),
        (with("to", json!("user:<b>")), 422, "no active account"),
        (with("level", json!("urgent")), 422, "unknown variant"),
        (with("title", json!("")), 422, "a title is"),
        (with("title", json!("  ")), 422, "a title is"),
        (with("title", json!("x".repeat(201))), 422, "a title is"),
        (with("title", json!("two\nlines")), 422, "a title is"),
        (with("title", json!("turned \u{202e}around")), 422, "a title is"),
        (with("title", json!(7)), 422, "invalid type"),
        (with("text", json!("x".repeat(4001))), 422, "a text has"),
        (with("text", json!("nul\0")), 422, "a text has"),
        (with("link", json!("https://evil.example/")), 422, "a link is"),
        (with("link", json!("//evil.example")), 422, "a link is"),
        (with("link", json!("/\\evil.example")), 422, "a link is"),
        (with("link", json!("javascript:alert(1)")), 422, "a link is"),
        (with("link", json!(format!("/{}", "x".repeat(1000)))), 422, "a link is"),
        (with("expires_ms", json!(1)), 422, "expired already"),
        (with("expires_ms", json!(far)), 422, "within 365 days"),
        (with("expires_ms", json!(-1)), 422, "invalid value"),
        (with("colour", json!("red")), 422, "unknown field"),
        (without("to"), 422, "missing field"),
        (without("level"), 422, "missing field"),
        (without("title"), 422, "missing field"),
        ("{".to_owned(), 400, "parse"),
        (format!(r#"{{"title":"{}"}}"#, "x".repeat(70_000)), 413, "body_bytes"),
    ];
    for (body, status, word) in cases {
        let answer = ask(&team.lee, "/api/v1/notices", "", Some(&body)).await;
        let shown: String = body.chars().take(100).collect();
        assert_eq!(answer.status, status, "{shown}: {}", answer.body);
        assert!(answer.body.contains(word) && answer.body.len() < 600, "{shown}: {}", answer.body);
    }
    let cookies: Vec<String> =
        team.lee.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let lines = format!("cookie: {}\r\nconnection: close\r\n", cookies.join("; "));
    let form = format!(
        "POST /api/v1/notices HTTP/1.1\r\nhost: {}\r\n{lines}content-type: text/plain\r\ncontent-length: 2\r\n\r\n{{}}",
        team.server.address
    );
    assert_eq!(crate::support::request(team.server.address, &form).await.status, 415);
    let other_site = "origin: https://evil.example\r\n";
    assert_eq!(ask(&team.lee, "/api/v1/notices", other_site, Some(&good.to_string())).await.status, 403);
    assert_eq!(post(team.server.address, "/api/v1/notices", "application/json", "{}").await.status, 401);
    assert_eq!(titles(&json(&team.lee, "/api/v1/notices").await), [""; 0], "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_with_the_reason() {
    let team = Team::start().await;
    send(&team.lee, "all", "a").await;
    for (path, body, status) in [
        ("/api/v1/notices?limit=0", None, 400),
        ("/api/v1/notices?limit=101", None, 400),
        ("/api/v1/notices?show=mine", None, 400),
        ("/api/v1/notices?level=urgent", None, 400),
        ("/api/v1/notices?before=x", None, 400),
        ("/api/v1/notices?before=18446744073709551615", None, 200),
        ("/api/v1/notices/x/readers", None, 400),
        ("/api/v1/notices/-1/readers", None, 400),
        ("/api/v1/notices/18446744073709551615/readers", None, 404),
        ("/api/v1/notices/18446744073709551615/read", Some("{}"), 404),
        ("/api/v1/notices/x/read", Some("{}"), 400),
        ("/api/v1/notices/read", Some("{}"), 422),
        ("/api/v1/notices/read", Some(r#"{"through":18446744073709551615}"#), 200),
        ("/notices?before=x&level=urgent&show=mine", None, 200),
    ] {
        let answer = ask(&team.lee, path, "", body).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_what_is_sent_again_one_notice() {
    let team = Team::start().await;
    let body = |title: &str| json!({"to": "all", "level": "info", "title": title}).to_string();
    let keyed = async |title: &str, key: &str| {
        ask(&team.lee, "/api/v1/notices", &format!("idempotency-key: {key}\r\n"), Some(&body(title))).await
    };
    let first = keyed("a", "backup-1").await;
    let again = keyed("a", "\"backup-1\"").await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    let other = keyed("b", "backup-1").await;
    assert_eq!(other.status, 422);
    assert!(other.body.contains("was given to notice 1"), "{}", other.body);
    assert_eq!(keyed("b", "two words").await.status, 400);
    assert_eq!(keyed("b", "x\r\nidempotency-key: y").await.status, 400);
    assert_eq!(titles(&json(&team.min, "/api/v1/notices").await), ["a"]);
    let audit = ask(&team.kim, "/settings/audit.csv", "", None).await.body;
    assert_eq!(audit.matches("send_notice").count(), 1, "{audit}");
    assert!(audit.contains("notice:1 to all") && audit.contains("info: a"), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_sends_too_many_is_told_to_wait() {
    let team = Team::start_with(|config| config.limits.publications_per_second = 1).await;
    let body = r#"{"to":"all","level":"info","title":"a"}"#;
    let mut refused = None;
    for _ in 0..20 {
        let answer = ask(&team.lee, "/api/v1/notices", "", Some(body)).await;
        if answer.status != 201 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("one is refused");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")), "{}", refused.body);
    assert!(refused.body.contains("publications_per_second"));
}
