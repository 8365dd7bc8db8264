//! The lab over REST: what may be asked for, what comes of it, and how it ends.

mod support;

use common::{frame::ErrorCode, lab::LabBeat};
use serde_json::{Value, json};
use support::{Answer, TestServer, get, post, start, start_with, stream};

const LAB: &str = "0123456789abcdef";

async fn ask(server: &TestServer, rate: u32, bytes: u32, seconds: u32) -> Answer {
    let run = json!({ "lab": LAB, "rate": rate, "bytes": bytes, "seconds": seconds });
    post(server.address, "/api/v1/lab", "application/json", &run.to_string()).await
}

fn error(answer: &Answer) -> (u16, ErrorCode) {
    let told: common::api::ApiError = serde_json::from_str(&answer.body).expect(&answer.body);
    assert!(!told.message.is_empty());
    (answer.status, told.code)
}

/// The beats of a stream of lines, which may end within one.
fn beats(text: &str) -> Vec<LabBeat> {
    let event = |line: &str| -> Option<LabBeat> {
        let frame: Value = serde_json::from_str(line).ok()?;
        serde_json::from_value(frame.get("data")?.clone()).ok()
    };
    text.lines().filter_map(event).collect()
}

#[tokio::test]
async fn a_page_gets_what_it_asked_for() {
    let server = start().await;
    let answer = ask(&server, 50, 256, 60).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let started: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(started, json!({ "topic": format!("lab/{LAB}"), "compression": true }));
    let path = format!("/live/stream?topics=lab/{LAB}");
    let text = stream(server.address, &path, |text| text.matches("\"seq\"").count() > 5).await;
    let beats = beats(&text);
    assert!(beats.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq && pair[0].run == pair[1].run));
    assert!(beats.windows(2).all(|pair| pair[0].at < pair[1].at));
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let server = start_with(|config| config.limits.message_bytes = 4096).await;
    for (rate, bytes, seconds) in [(0, 64, 1), (51, 64, 1), (1, 63, 1), (1, 64, 0), (1, 64, 61)] {
        let answer = ask(&server, rate, bytes, seconds).await;
        assert_eq!(error(&answer), (400, ErrorCode::BadRequest), "{rate} {bytes} {seconds}");
    }
    let answer = ask(&server, 1, 4097, 1).await;
    assert_eq!(error(&answer), (400, ErrorCode::BadRequest), "longer than a publication may be here");
    for body in [r#"{"lab":"SHORT","rate":1,"bytes":64,"seconds":1}"#, r#"{"lab":"0123456789abcdef"}"#] {
        let answer = post(server.address, "/api/v1/lab", "application/json", body).await;
        assert_eq!(error(&answer), (422, ErrorCode::BadRequest), "{body}");
    }
    let answer = post(server.address, "/api/v1/lab", "text/plain", "{}").await;
    assert_eq!(error(&answer), (415, ErrorCode::BadRequest));
    assert_eq!(get(server.address, "/api/v1/lab").await.status, 405);
    server.stop().await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_so() {
    let server = start_with(|config| config.limits.messages_per_second = 1).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(ask(&server, 1, 64, 1).await.status);
    }
    assert_eq!(statuses[..2], [200, 200]);
    assert!(statuses.contains(&429), "{statuses:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_lab_ends_the_lines_that_follow_it_and_no_others() {
    let server = start_with(|config| config.limits.messages_per_second = 0).await;
    assert_eq!(ask(&server, 50, 64, 60).await.status, 200);
    let path = format!("/live/sse?topics=lab/{LAB}");
    // Beside it stands a line that has nothing to do with it.
    let other = stream(server.address, "/live/sse?topics=host/local/metrics", |text| {
        text.matches("cpu.total").count() > 3
    });
    let own = stream(server.address, &path, |text| text.contains("event: bye"));
    let cut = async {
        loop {
            let cut = json!({ "lab": LAB }).to_string();
            let answer = post(server.address, "/api/v1/lab/cut", "application/json", &cut).await;
            let lines: Value = serde_json::from_str(&answer.body).expect("JSON");
            if lines == json!({ "lines": 1 }) {
                return;
            }
            assert_eq!((answer.status, lines), (200, json!({ "lines": 0 })));
        }
    };
    let (own, other, ()) = tokio::join!(own, other, cut);
    assert!(own.contains(r#""reason":"ended","retry_ms":0"#), "{own}");
    assert!(!other.contains("event: bye"));
    // Whoever comes back stays, and goes on.
    stream(server.address, &path, |text| text.matches("\"seq\"").count() > 3).await;
    server.stop().await;
}

#[tokio::test]
async fn the_clock_tells_its_time_and_may_not_be_kept() {
    let server = start().await;
    let read = async || {
        let answer = get(server.address, "/api/v1/lab/clock").await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let clock: common::lab::LabClock = serde_json::from_str(&answer.body).expect("a clock");
        clock.at
    };
    let (first, then) = (read().await, read().await);
    assert!(then > first && first > 1.7e12, "{first} {then}");
    server.stop().await;
}

#[test]
fn every_transport_is_told_apart_in_every_language() {
    for language in app::i18n::Language::ALL {
        let facts = &app::LabWords::of(language).facts;
        assert_eq!(facts.len(), transports::catalog::CATALOG.len(), "{language:?}");
    }
}
