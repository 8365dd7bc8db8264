//! The doctor's end at the server: what it tells of a probe's requests, and how long it can keep silent.

mod support;

use std::time::{Duration, Instant};

use common::{doctor::ProbeReport, frame::ErrorCode};
use support::{Answer, TestServer, get, request, start, start_with};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PROBE: &str = "0123456789abcdef";

async fn testimony(server: &TestServer) -> ProbeReport {
    let answer = get(server.address, &format!("/api/v1/doctor?probe={PROBE}")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    serde_json::from_str(&answer.body).expect(&answer.body)
}

fn error(answer: &Answer) -> (u16, ErrorCode) {
    let told: common::api::ApiError = serde_json::from_str(&answer.body).expect(&answer.body);
    assert!(!told.message.is_empty());
    (answer.status, told.code)
}

#[tokio::test]
async fn it_tells_how_a_probes_requests_arrived_whatever_was_answered() {
    let server = start().await;
    let to = server.address;
    // As a proxy passes it on that knows nothing of upgrades; the server's answer is no.
    let stripped =
        format!("GET /live/ws?probe={PROBE} HTTP/1.0\r\nhost: {to}\r\nvia: 1.0 old\r\nx-varnish: 7\r\n\r\n");
    assert!(request(to, &stripped).await.status >= 400);
    let whole = format!(
        "GET /live/ws?probe={PROBE} HTTP/1.1\r\nhost: {to}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
    );
    let mut socket = TcpStream::connect(to).await.expect("the server accepts");
    socket.write_all(whole.as_bytes()).await.expect("written");
    assert!(socket.read(&mut [0; 16]).await.is_ok_and(|read| read > 0), "answered");
    // As behind a proxy that changes the Host: it seems to be of another site.
    let foreign = format!(
        "OPTIONS /live/sse?probe={PROBE} HTTP/1.1\r\nhost: {to}\r\norigin: http://a.example\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(request(to, &foreign).await.status, 403);
    get(to, "/live/ws?probe=fedcba9876543210").await;
    get(to, &format!("/healthz?probe={PROBE}")).await;
    let told = testimony(&server).await;
    assert_eq!((told.this.http.as_str(), told.tls, told.listen), ("HTTP/1.1", false, to.to_string()));
    let seen: Vec<_> = told.arrivals.iter().map(|seen| (&*seen.path, &*seen.http, &seen.upgrade)).collect();
    let websocket = Some("websocket".to_owned());
    let ws = |http, upgrade| ("/live/ws", http, upgrade);
    assert_eq!(seen, [ws("HTTP/1.0", &None), ws("HTTP/1.1", &websocket), ("/live/sse", "HTTP/1.1", &None)]);
    assert_eq!(told.arrivals[0].via.as_deref(), Some("1.0 old"));
    assert_eq!(told.arrivals[0].marks, ["x-varnish"], "by name, without what stands in it");
    assert!(told.arrivals[1].marks.is_empty());
    assert!(told.arrivals.iter().all(|seen| seen.host == Some(to.to_string())));
    assert!(told.arrivals[0].at < told.arrivals[1].at && told.arrivals[1].at < told.this.at);
    server.stop().await;
}

#[tokio::test]
async fn every_poll_of_a_probe_on_one_connection_is_told() {
    let server = start().await;
    let to = server.address;
    let mut polling = TcpStream::connect(to).await.expect("the server accepts");
    for path in ["/live/poll", "/live/long-poll"] {
        for _ in 0..4 {
            let ask =
                format!("GET {path}?topics=custom/x&wait=0&probe={PROBE} HTTP/1.1\r\nhost: {to}\r\n\r\n");
            polling.write_all(ask.as_bytes()).await.expect("written");
            let mut answer = Vec::new();
            // The body is an array of frames.
            while !answer.ends_with(b"]") {
                assert_ne!(polling.read_buf(&mut answer).await.expect("read"), 0, "the connection ended");
            }
            assert!(answer.starts_with(b"HTTP/1.1 200 "));
        }
    }
    let told = testimony(&server).await;
    let paths: Vec<_> = told.arrivals.iter().map(|seen| &*seen.path).collect();
    assert_eq!(paths, [["/live/poll"; 4], ["/live/long-poll"; 4]].concat());
    server.stop().await;
}

#[tokio::test]
async fn a_silence_is_kept_for_as_long_as_asked_and_says_when_it_is_over() {
    let server = start().await;
    let to = server.address;
    let began = Instant::now();
    let ask = format!("GET /live/silence?ms=400 HTTP/1.1\r\nhost: {to}\r\n\r\n");
    let answer = request(to, &ask).await;
    assert!(began.elapsed() >= Duration::from_millis(400));
    assert_eq!((answer.status, answer.header("x-accel-buffering")), (200, Some("no")));
    assert!(answer.body.contains("event: over") && answer.body.ends_with("0\r\n\r\n"), "{}", answer.body);
    let old = request(to, &format!("GET /live/silence?ms=100 HTTP/1.0\r\nhost: {to}\r\n\r\n")).await;
    assert_eq!(old.body, ": silence follows\nevent: over\ndata: {}\n\n", "HTTP/1.0 knows no chunks");
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_stops_ends_its_silences() {
    let server = start().await;
    let to = server.address;
    let ask = format!("GET /live/silence?ms=120000&probe={PROBE} HTTP/1.1\r\nhost: {to}\r\n\r\n");
    let silent = tokio::spawn(async move { request(to, &ask).await });
    while testimony(&server).await.arrivals.is_empty() {
        tokio::task::yield_now().await;
    }
    server.stop().await;
    let answer = silent.await.expect("ended");
    assert!(answer.status == 200 && !answer.body.contains("over"), "{}", answer.body);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let server = start_with(|config| config.limits.connections_per_address = 0).await;
    let to = server.address;
    for path in [
        "/live/silence",
        "/live/silence?ms=99",
        "/live/silence?ms=120001",
        "/live/silence?ms=-1",
        "/api/v1/doctor",
        "/api/v1/doctor?probe=SHORT",
    ] {
        assert_eq!(error(&get(to, path).await), (400, ErrorCode::BadRequest), "{path}");
    }
    // As many as there may be, of clients who then leave.
    let mut silent = Vec::new();
    for _ in 0..64 {
        let mut one = TcpStream::connect(to).await.expect("the server accepts");
        let ask = format!("GET /live/silence?ms=120000&probe={PROBE} HTTP/1.1\r\nhost: {to}\r\n\r\n");
        one.write_all(ask.as_bytes()).await.expect("written");
        silent.push(one);
    }
    while testimony(&server).await.arrivals.len() < 64 {
        tokio::task::yield_now().await;
    }
    let full = get(to, "/live/silence?ms=100").await;
    assert_eq!(error(&full), (429, ErrorCode::LimitReached));
    assert!(full.body.contains(r#""limit":"silent_answers","max":64"#), "{}", full.body);
    drop(silent);
    while get(to, "/live/silence?ms=100").await.status != 200 {
        tokio::task::yield_now().await;
    }
    server.stop().await;
}
