//! The request, and the connection that is kept between scrapes.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use scrape::{ScrapeError, TargetSpec};

use crate::{
    failure,
    stub::{Event, Reply, Stub, TEXT, text},
    target, target_of, value_of,
};

#[tokio::test]
async fn a_request_says_what_is_wanted() {
    let mut stub = Stub::start([Reply::Send(text("a 1\n"))]).await;
    let mut spec = TargetSpec::new(format!("http://127.0.0.1:{}/probe?target=x&module=http#top", stub.port));
    spec.timeout_seconds = 7;
    spec.bearer_token = Some("sesame".to_owned().into());
    target_of(spec).scrape().await.unwrap();
    assert_eq!(stub.event().await, Event::Connected);
    let Event::Request(head) = stub.event().await else { panic!("no request") };
    let mut lines: Vec<&str> = head.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "GET /probe?target=x&module=http HTTP/1.1");
    lines.sort_unstable();
    let accept = format!("accept: {}", exposition::ACCEPT);
    let agent = format!("user-agent: pulseboard-scrape/{}", env!("CARGO_PKG_VERSION"));
    let host = format!("host: 127.0.0.1:{}", stub.port);
    assert_eq!(
        lines,
        [
            "accept-encoding: gzip",
            &accept,
            "authorization: Bearer sesame",
            &host,
            &agent,
            "x-prometheus-scrape-timeout-seconds: 7",
        ]
    );
}

#[tokio::test]
async fn one_connection_serves_many_scrapes() {
    let mut stub = Stub::start((0..5).map(|value| Reply::Send(text(&format!("a {value}\n"))))).await;
    let mut target = target(stub.url());
    for value in 0..5 {
        let scrape = target.scrape().await.unwrap();
        assert_eq!(value_of(&scrape, "a", ""), Some(f64::from(value)));
    }
    assert_eq!(stub.connections(), 1);
}

#[tokio::test]
async fn chunks_and_gzip_are_one_body_and_their_connection_is_kept() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&b"# nothing but prose\n".repeat(100)).unwrap();
    encoder.write_all(b"a{b=\"c\"} 1\n").unwrap();
    let packed = encoder.finish().unwrap();
    let mut chunked = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {TEXT}\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for piece in packed.chunks(7) {
        chunked.extend(format!("{:x}\r\n", piece.len()).into_bytes());
        chunked.extend(piece);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    let mut stub = Stub::start([Reply::Send(chunked.clone()), Reply::Send(chunked)]).await;
    let mut target = target(stub.url());
    for _ in 0..2 {
        let scrape = target.scrape().await.unwrap();
        assert_eq!(value_of(&scrape, "a", "b=\"c\""), Some(1.0));
        assert_eq!((scrape.wire_bytes, scrape.body_bytes), (packed.len(), 2_011));
    }
    assert_eq!(stub.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_made_anew() {
    let mut stub = Stub::start([
        Reply::Close(text("a 1\n")),
        Reply::Send(text("a 2\n")),
        // The request comes, and no answer to it.
        Reply::Close(Vec::new()),
        Reply::Send(text("a 3\n")),
    ])
    .await;
    let mut target = target(stub.url());
    for value in [1.0, 2.0, 3.0] {
        assert_eq!(value_of(&target.scrape().await.unwrap(), "a", ""), Some(value));
    }
    assert_eq!(stub.connections(), 3);
}

#[tokio::test]
async fn a_connection_is_made_anew_only_once() {
    let mut stub =
        Stub::start([Reply::Send(text("a 1\n")), Reply::Close(Vec::new()), Reply::Close(Vec::new())]).await;
    let mut target = target(stub.url());
    target.scrape().await.unwrap();
    let (error, _) = failure(&mut target).await;
    assert!(matches!(error, ScrapeError::NoAnswer(_)), "{error:?}");
    assert_eq!(stub.connections(), 2);
    // The next scrape begins anew.
    stub.then([Reply::Send(text("a 4\n"))]).await;
    assert_eq!(value_of(&target.scrape().await.unwrap(), "a", ""), Some(4.0));
}

#[tokio::test]
async fn a_scrape_that_is_dropped_closes_its_connection() {
    let mut stub = Stub::start([Reply::Hang(Vec::new())]).await;
    let mut target = target(stub.url());
    tokio::select! {
        _ = target.scrape() => panic!("an answer"),
        () = async {
            assert_eq!(stub.event().await, Event::Connected);
            assert!(matches!(stub.event().await, Event::Request(_)));
        } => {}
    }
    assert_eq!(stub.event().await, Event::Closed);
    drop(target);
}
