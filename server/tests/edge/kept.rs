//! Connections that are kept: for how long, and how they end.

use std::time::Duration;

use tokio::time::{Instant, advance};

use super::{
    answers::Raw,
    support::{start, start_with},
};

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
const POLL: &str = "GET /live/poll?topics=custom/x HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn a_connection_lasts_as_long_as_it_is_asked() {
    let server = start().await;
    for question in [HEALTH, POLL] {
        let mut raw = Raw::to(server.address).await;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(400) {
            raw.write(question).await;
            let answer = raw.answer(false).await.expect("an answer");
            assert_eq!((answer.status, answer.closes()), (200, false), "after {:?}", begun.elapsed());
            advance(Duration::from_secs(9)).await;
        }
    }
    server.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_kept_for_as_long_as_the_setting_says() {
    let server = start_with(|config| config.limits.idle_seconds = 75).await;
    for question in [HEALTH, POLL] {
        let mut raw = Raw::to(server.address).await;
        for _ in 0..3 {
            raw.write(question).await;
            assert_eq!(raw.answer(false).await.expect("an answer").status, 200);
            advance(Duration::from_secs(70)).await;
        }
        advance(Duration::from_secs(80)).await;
        assert_eq!(raw.answer(false).await, None);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_request_that_was_accepted_is_answered_while_the_server_stops_and_told_that_it_is_the_last() {
    let server = start().await;
    let mut raw = Raw::to(server.address).await;
    let body = r#"{"id":"accepted-00000001","topic":"chat/lobby","data":{"name":"Kim","text":"hello"}}"#;
    let head = "POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
    raw.write(format!("{head}\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n", body.len())).await;
    // It has been accepted when its body is asked for.
    raw.interim().await;
    let stopping = tokio::spawn(server.stop());
    raw.write(body).await;
    let answer = raw.answer(false).await.expect("an answer");
    assert!(answer.text().contains("accepted-00000001") || answer.status == 503, "{answer:?}");
    assert!(answer.closes() || answer.status == 200, "{answer:?}");
    assert_eq!(raw.answer(false).await, None);
    stopping.await.expect("it stops");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_come_to_its_end_is_answered_and_closed() {
    let server = start().await;
    let mut raw = Raw::to(server.address).await;
    raw.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n").await;
    for byte in b"x-slow: aaaaaaaaaaaaaaaaaaaaaaaaa" {
        raw.write([*byte]).await;
        advance(Duration::from_secs(1)).await;
    }
    let answer = raw.answer(false).await.expect("an answer");
    assert_eq!((answer.status, answer.closes()), (408, true), "{answer:?}");
    assert_eq!(raw.answer(false).await, None);
    // A client that sends nothing has asked for nothing.
    let mut raw = Raw::to(server.address).await;
    advance(Duration::from_secs(11)).await;
    assert_eq!(raw.answer(false).await, None);
    server.stop().await;
}
