//! Every answer carries the same headers, whoever writes its head; a refused message carries its reason.

use serde_json::Value;

use super::{
    answers::Raw,
    support::{self, start, start_with},
};

const SECURE: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
];

#[tokio::test]
async fn live_answers_say_what_all_others_say() {
    let server = start().await;
    let opened = support::get(server.address, "/socket.io/?EIO=4&transport=polling").await.body;
    let sid = opened.split("\"sid\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a session");
    let waiting = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
    let connect = support::post(server.address, &waiting, "text/plain", "40").await;
    assert_eq!(connect.body, "ok");
    for path in [
        "/live/sse?topics=custom/x",
        "/live/stream?topics=custom/x",
        "/sse/cpumemdisk",
        "/live/silence?ms=100",
        "/live/poll?topics=custom/x",
        "/live/long-poll?topics=custom/x",
        "/live/poll?topics=%20",
        &waiting,
        "/healthz",
    ] {
        let mut raw = Raw::to(server.address).await;
        raw.write(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
        let head = raw.head().await;
        for (name, value) in SECURE {
            let line = format!("{name}: {value}");
            assert_eq!(head.matches(&line).count(), 1, "{path} says once {line}: {head}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_message_too_many_is_named_and_the_connection_goes_on() {
    let server = start_with(|config| config.limits.messages_per_second = 1).await;
    let mut raw = Raw::to(server.address).await;
    let mut refused = None;
    for nth in 0..20 {
        let body = format!(r#"{{"id":"too-many-{nth:04}","topic":"custom/x","data":{nth}}}"#);
        let head = "POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
        raw.write(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await;
        let answer = raw.answer(false).await.expect("an answer");
        assert!(!answer.closes(), "{answer:?}");
        if answer.status == 429 {
            refused = Some((nth, answer));
            break;
        }
    }
    let (nth, answer) = refused.expect("too many");
    let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(told["id"], format!("too-many-{nth:04}"), "{told}");
    assert_eq!((told["code"].as_str(), told["retry_ms"].as_u64()), (Some("limit_reached"), Some(1_000)));
    assert_eq!(told["limit"], "messages_per_second", "{told}");
    assert_eq!(answer.header("retry-after"), Some("1"));
    server.stop().await;
}
