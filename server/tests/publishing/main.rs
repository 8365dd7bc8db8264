//! Publishing by strangers: how often, how many topics, and the same again after an answer that was lost.

mod streams;

#[path = "../support/mod.rs"]
mod support;

use std::{net::SocketAddr, path::Path};

use common::{Cursor, api::ApiError, frame::ErrorCode};
use pulseboard::config::Config;
use serde_json::{Value, json};
use support::{Answer, TestServer, answer, get, post, request, start, start_with, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

const PATH: &str = "/api/v1/publish";

async fn publish(to: SocketAddr, topic: &str, data: Value, lines: &str) -> Answer {
    let body = json!({ "topic": topic, "data": data }).to_string();
    let head = format!("POST {PATH} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n{lines}");
    let rest = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    request(to, &(head + &rest)).await
}

fn cursor(answer: &Answer) -> Cursor {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told: Value = serde_json::from_str(&answer.body).expect("JSON");
    told["cursor"].as_str().expect("a cursor").parse().expect("a cursor")
}

fn error(answer: &Answer) -> (u16, ErrorCode) {
    let told: ApiError = serde_json::from_str(&answer.body).expect(&answer.body);
    (answer.status, told.code)
}

fn entries(server: &TestServer, topic: &str) -> usize {
    server.hub.history(&topic.parse().expect("a topic"), None, usize::MAX).entries.len()
}

#[tokio::test]
async fn each_client_may_publish_so_often_and_others_are_not_held_up() {
    let server = start_with(|config| config.limits.publications_per_second = 1).await;
    let to = server.address;
    let mut refused = None;
    for n in 0..200 {
        let answer = publish(to, "custom/x", json!(n), "").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert_eq!(error(&refused), (429, ErrorCode::LimitReached));
    assert!(refused.body.contains(r#""limit":"publications_per_second","max":1"#), "{}", refused.body);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert!(refused.body.contains("limits.publications_per_second"), "{}", refused.body);
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 2], 0).into()).expect("an address");
    let mut other = socket.connect(to).await.expect("the server accepts");
    let body = r#"{"topic":"custom/x","data":1}"#;
    let head = format!("POST {PATH} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n");
    let rest = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    other.write_all((head + &rest).as_bytes()).await.expect("written");
    let mut told = Vec::new();
    other.read_to_end(&mut told).await.expect("read");
    cursor(&answer(&told));
    server.stop().await;
}

fn in_folder(folder: &Path) -> impl FnOnce(&mut Config) {
    move |config| {
        config.data_dir = folder.to_owned();
        config.limits.publications_per_second = 0;
    }
}

/// Checks that the product's own publications and subscriptions go on.
async fn is_well(server: &TestServer, id: &str) {
    let to = server.address;
    let message = json!({ "id": id, "topic": "chat/lobby", "data": { "name": "Kim", "text": "hi" } });
    let said = post(to, "/live/send", "application/json", &message.to_string()).await;
    assert_eq!(said.status, 200, "{}", said.body);
    for topic in ["chat/lobby", "host/local/metrics", "presence/lobby", "rooms"] {
        let heard = stream(to, &format!("/live/sse?topics={topic}&snapshot={topic}"), |text| {
            text.contains("id: ") || text.contains("event: bye")
        })
        .await;
        assert!(!heard.contains("event: bye"), "{topic}: {heard}");
    }
    let followed = stream(to, "/live/sse?topics=chat/another-room", |text| text.contains("event: ")).await;
    assert!(followed.contains("event: welcome"), "{followed}");
}

#[tokio::test]
async fn who_makes_topics_without_end_fills_their_share_and_nothing_else_also_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start_with(in_folder(folder.path())).await;
    let mut made = 0;
    let refused = loop {
        let topic = format!("custom/topic-{made}").parse().expect("a topic");
        match server.hub.publish(&topic, "1".into()) {
            Ok(_) => made += 1,
            Err(error) => break error,
        }
        assert!(made < 20_000, "there is no end");
    };
    assert!(matches!(refused, fanout::PublishError::TooManyTopics(_)), "{refused}");
    let answer = publish(server.address, "custom/one-more", json!(1), "").await;
    assert_eq!(error(&answer), (429, ErrorCode::LimitReached));
    assert!(answer.body.contains(r#""limit":"topics","max":"#), "{}", answer.body);
    cursor(&publish(server.address, "custom/topic-0", json!(2), "").await);
    is_well(&server, "message-before").await;
    server.stop().await;
    let server = start_with(in_folder(folder.path())).await;
    assert_eq!(entries(&server, "custom/topic-0"), 2);
    is_well(&server, "message-after").await;
    server.stop().await;
}

#[tokio::test]
async fn what_is_sent_again_with_its_key_is_one_entry_with_one_answer_also_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start_with(in_folder(folder.path())).await;
    let key = "idempotency-key: 8e03978e-40d5-43dd-bc93-6894a57f9324\r\n";
    let quoted = "idempotency-key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"\r\n";
    let first = publish(server.address, "custom/x", json!({ "n": 1 }), key).await;
    let place = cursor(&first);
    for lines in [key, quoted] {
        let again = publish(server.address, "custom/x", json!({ "n": 1 }), lines).await;
        assert_eq!((again.status, &again.body), (200, &first.body));
    }
    let at_once = (0..20).map(|_| async {
        cursor(&publish(server.address, "custom/x", json!(2), "idempotency-key: at-once\r\n").await)
    });
    let told = futures_util::future::join_all(at_once).await;
    assert!(told.iter().all(|place| *place == told[0]), "{told:?}");
    assert_eq!(entries(&server, "custom/x"), 2);
    // Without a key each is one; another topic's keys are its own; another payload is no retry.
    assert_ne!(cursor(&publish(server.address, "custom/x", json!({ "n": 1 }), "").await), place);
    assert_ne!(cursor(&publish(server.address, "custom/y", json!({ "n": 1 }), key).await), place);
    let other = publish(server.address, "custom/x", json!({ "n": 3 }), key).await;
    assert_eq!(error(&other), (422, ErrorCode::BadRequest));
    server.stop().await;

    let server = start_with(in_folder(folder.path())).await;
    let again = publish(server.address, "custom/x", json!({ "n": 1 }), key).await;
    assert_eq!((again.status, &again.body), (200, &first.body), "over a restart, too");
    assert_eq!(
        cursor(&publish(server.address, "custom/x", json!(2), "idempotency-key: at-once\r\n").await),
        told[0]
    );
    assert_eq!(entries(&server, "custom/x"), 3);
    // A key is no part of what readers are told.
    let heard = stream(server.address, "/live/sse?topics=custom/x&snapshot=custom/x", |text| {
        text.contains("{\"n\":1}")
    })
    .await;
    assert!(!heard.contains("8e03978e"), "{heard}");
    server.stop().await;
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_refused_and_nothing_is_published() {
    let server = start().await;
    let long = format!("idempotency-key: {}\r\n", "x".repeat(129));
    for lines in [
        "idempotency-key: \r\n",
        "idempotency-key: \"\"\r\n",
        "idempotency-key: a b\r\n",
        "idempotency-key: a\r\nidempotency-key: b\r\n",
        &long,
    ] {
        let answer = publish(server.address, "custom/x", json!(1), lines).await;
        assert_eq!(error(&answer), (400, ErrorCode::BadRequest), "{lines}");
    }
    assert_eq!(entries(&server, "custom/x"), 0);
    assert_eq!(get(server.address, "/healthz").await.status, 200);
    server.stop().await;
}
