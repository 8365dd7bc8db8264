//! Endpoints that send too much, too slowly, something else, or nothing.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use scrape::{LONGEST_BODY, ScrapeError, TargetSpec};
use tokio::net::TcpListener;

use crate::{
    failure,
    stub::{Event, Reply, Stub, TEXT, response, text},
    target, target_of, value_of,
};

fn gzip(pieces: usize, piece: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..pieces {
        encoder.write_all(piece).expect("memory");
    }
    encoder.finish().expect("memory")
}

fn with_type(content_type: &str, more: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    response("200 OK", &format!("Content-Type: {content_type}\r\n{more}"), body)
}

/// Asks once an endpoint that gives a reply, and returns its error and the sentence of it.
async fn failure_of(reply: Reply) -> (ScrapeError, String) {
    let stub = Stub::start([reply]).await;
    failure(&mut target(stub.url())).await
}

/// Asks once, with the shortest timeout.
async fn hurried_failure_of(reply: Reply) -> ScrapeError {
    let mut stub = Stub::start([reply]).await;
    let mut spec = TargetSpec::new(stub.url());
    spec.timeout_seconds = 1;
    let mut target = target_of(spec);
    let (error, _) = failure(&mut target).await;
    assert_eq!(stub.event().await, Event::Connected);
    assert!(matches!(stub.event().await, Event::Request(_)));
    // The connection is closed although the target is still there.
    assert_eq!(stub.event().await, Event::Closed);
    drop(target);
    error
}

#[tokio::test]
async fn a_gzip_bomb_is_given_up_at_the_bound() {
    // 256 MiB in 255 KB.
    let bomb = gzip(256, &vec![b'\n'; 1 << 20]);
    assert!(bomb.len() < 300_000);
    let (error, said) = failure_of(Reply::Send(with_type(TEXT, "Content-Encoding: gzip\r\n", &bomb))).await;
    assert!(matches!(error, ScrapeError::InflatesTooLong(LONGEST_BODY)), "{error:?}");
    assert_eq!(said, "the answer has more than 16777216 bytes when it is unpacked");
}

#[tokio::test]
async fn compressed_bytes_that_unpack_to_nothing_are_bounded() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {TEXT}\r\nContent-Encoding: gzip\r\n\r\n");
    let nothing = gzip(0, b"").repeat(3_000);
    let (error, _) = failure_of(Reply::Endless(head.into_bytes(), nothing)).await;
    assert!(matches!(error, ScrapeError::TooLong(LONGEST_BODY)), "{error:?}");
}

#[tokio::test]
async fn an_endless_body_is_given_up_at_the_bound() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {TEXT}\r\n\r\n");
    let (error, said) = failure_of(Reply::Endless(head.into_bytes(), b"a 1\n".repeat(10_000))).await;
    assert!(matches!(error, ScrapeError::TooLong(LONGEST_BODY)), "{error:?}");
    assert_eq!(said, "the answer has more than 16777216 bytes");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_long_is_not_read() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {TEXT}\r\nContent-Length: 99999999999\r\n\r\n");
    let (error, _) = failure_of(Reply::Hang(head.into_bytes())).await;
    assert!(matches!(error, ScrapeError::TooLong(_)), "{error:?}");
}

#[tokio::test]
async fn endless_headers_are_given_up() {
    let (error, _) =
        failure_of(Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-More: more\r\n".to_vec())).await;
    assert!(matches!(error, ScrapeError::NoAnswer(_)), "{error:?}");
    let (error, _) = failure_of(Reply::Endless(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 1_000])).await;
    assert!(matches!(error, ScrapeError::NoAnswer(_)), "{error:?}");
}

#[tokio::test]
async fn a_silent_endpoint_is_given_up_at_the_deadline_and_its_connection_closed() {
    let error = hurried_failure_of(Reply::Hang(Vec::new())).await;
    assert_eq!(error.to_string(), "no whole answer came within 1 s");
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up_at_the_deadline() {
    let started = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {TEXT}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n"
    );
    let error = hurried_failure_of(Reply::Hang(started.into_bytes())).await;
    assert!(matches!(error, ScrapeError::TimedOut(_)), "{error:?}");
}

#[tokio::test]
async fn interim_answers_without_end_are_given_up_at_the_deadline() {
    let error =
        hurried_failure_of(Reply::Endless(Vec::new(), b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec())).await;
    assert!(matches!(error, ScrapeError::TimedOut(_)), "{error:?}");
}

#[tokio::test]
async fn no_http_is_no_answer() {
    for bytes in [b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec(), b"\x00\xff\x15\x03\x03".repeat(50), Vec::new()] {
        let (error, said) = failure_of(Reply::Close(bytes)).await;
        assert!(matches!(error, ScrapeError::NoAnswer(_)), "{error:?}");
        assert!(said.starts_with("no answer of HTTP came: "), "{said}");
    }
}

#[tokio::test]
async fn nobody_listening_is_told_with_the_address() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let (error, said) = failure(&mut target(format!("http://127.0.0.1:{port}/metrics"))).await;
    assert!(matches!(error, ScrapeError::NoConnection { .. }), "{error:?}");
    assert!(said.starts_with(&format!("`127.0.0.1:{port}` takes no connection: ")), "{said}");
}

#[tokio::test]
async fn a_body_that_is_cut_is_told() {
    let short = format!("HTTP/1.1 200 OK\r\nContent-Type: {TEXT}\r\nContent-Length: 100\r\n\r\na 1\n");
    let chunk =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {TEXT}\r\nTransfer-Encoding: chunked\r\n\r\n9\r\na 1\n");
    for cut in [short, chunk] {
        let (error, said) = failure_of(Reply::Close(cut.into_bytes())).await;
        assert!(matches!(error, ScrapeError::Cut { bytes: 4, .. }), "{error:?}");
        assert!(said.starts_with("the answer broke off after 4 bytes: "), "{said}");
    }
    let packed = gzip(1, b"a 1\n");
    let body = with_type(TEXT, "Content-Encoding: gzip\r\n", &packed[..packed.len() - 3]);
    let (error, _) = failure_of(Reply::Send(body)).await;
    assert!(matches!(error, ScrapeError::Gzip(_)), "{error:?}");
}

#[tokio::test]
async fn pages_and_protobuf_are_refused_by_their_type() {
    let (_, said) =
        failure_of(Reply::Send(with_type("text/html; charset=utf-8", "", "<h1>Node Exporter</h1>"))).await;
    assert_eq!(
        said,
        "the answer is `text/html; charset=utf-8`, and neither Prometheus text nor OpenMetrics 1.0; the path of most exporters is `/metrics`"
    );
    let protobuf =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    let (error, _) = failure_of(Reply::Send(with_type(protobuf, "", "\x08\x01"))).await;
    assert!(matches!(error, ScrapeError::ContentType(_)), "{error:?}");
}

#[tokio::test]
async fn other_compressions_are_refused_by_their_names() {
    let (_, said) = failure_of(Reply::Send(with_type(TEXT, "Content-Encoding: br\r\n", "xx"))).await;
    assert_eq!(said, "the answer is compressed by `br`, which was not asked for");
}

#[tokio::test]
async fn text_that_is_no_numbers_is_told_with_its_first_line() {
    let (error, said) = failure_of(Reply::Send(text("<!doctype html>\n<p>Welcome</p>\n"))).await;
    assert!(matches!(error, ScrapeError::Unreadable(_)), "{error:?}");
    assert!(said.starts_with("no line of the answer is readable as a number; line 1: "), "{said}");
}

#[tokio::test]
async fn other_statuses_are_errors_and_the_connection_stays() {
    let statuses = [
        "204 No Content",
        "206 Partial Content",
        "304 Not Modified",
        "401 Unauthorized",
        "404 Not Found",
        "503 Busy",
    ];
    let replies = statuses.map(|status| match status {
        "204 No Content" | "304 Not Modified" => format!("HTTP/1.1 {status}\r\n\r\n").into_bytes(),
        status => response(status, "", "no"),
    });
    let mut stub = Stub::start(replies.into_iter().chain([text("a 1\n")]).map(Reply::Send)).await;
    let mut target = target(stub.url());
    for status in statuses {
        let (error, said) = failure(&mut target).await;
        assert!(matches!(error, ScrapeError::Status(_)), "{error:?}");
        assert!(said.contains(&status[..3]), "{said}");
    }
    assert_eq!(value_of(&target.scrape().await.unwrap(), "a", ""), Some(1.0));
    assert_eq!(stub.connections(), 1);
}

#[tokio::test]
async fn an_empty_answer_is_no_series_and_no_error() {
    let stub = Stub::start([Reply::Send(text("")), Reply::Send(text("# HELP a nothing yet\n"))]).await;
    let mut target = target(stub.url());
    for _ in 0..2 {
        let scrape = target.scrape().await.unwrap();
        assert!(scrape.series.is_empty() && scrape.faults.is_empty(), "{scrape:?}");
    }
}
