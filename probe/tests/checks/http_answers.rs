//! Answers over plain HTTP, good ones and those that no server should give.

use probe::{HttpMethod, HttpProbe, ProbeFault, ProbeKind, ProbePhase, Prober};
use tokio::io::AsyncWriteExt;

use crate::support::{LONG, SHORT, Server, answer, closed_port, code, read_head, run_http, run_with};

fn with_keyword(url: String, keyword: &str) -> HttpProbe {
    HttpProbe { keyword: Some(keyword.into()), ..HttpProbe::of(url) }
}

#[tokio::test]
async fn a_good_answer_is_up_and_measured() {
    let mut server = Server::answering(answer("200 OK", "hello")).await;
    let outcome = run_http(HttpProbe::of(server.url("/a?b=c#d")), LONG).await;
    assert_eq!((code(&outcome), outcome.attempts), ("up", 1));
    assert!(outcome.latency_ms.is_some_and(|latency| latency > 0.0));
    let timings = outcome.timings;
    assert!(timings.connect_ms.is_some() && timings.answer_ms.is_some(), "{timings:?}");
    assert_eq!((timings.resolve_ms, timings.tls_ms, outcome.certificate_days_left), (None, None, None));
    let request = server.requests.recv().await.expect("a request").to_lowercase();
    assert!(request.starts_with("get /a?b=c http/1.1\r\n"), "{request}");
    for header in [
        format!("host: {}\r\n", server.address),
        concat!("user-agent: pulseboard-probe/", env!("CARGO_PKG_VERSION"), "\r\n").to_owned(),
        "connection: close\r\n".to_owned(),
    ] {
        assert!(request.contains(&header), "{header} {request}");
    }
    assert!(!request.contains("accept-encoding"), "{request}");
}

#[tokio::test]
async fn a_name_is_looked_up_and_its_addresses_are_tried() {
    // The server listens on IPv4 only, and `localhost` may mean both.
    let server = Server::answering(answer("200 OK", "")).await;
    let outcome = run_http(HttpProbe::of(format!("http://localhost:{}", server.address.port())), LONG).await;
    assert_eq!(code(&outcome), "up");
    assert!(outcome.timings.resolve_ms.is_some());
}

#[tokio::test]
async fn a_status_counts_as_it_is_expected() {
    for (status, expected, result) in [
        ("204 No Content", "200-399", "up"),
        ("304 Not Modified", "200-399", "up"),
        ("503 Service Unavailable", "200-399", "unexpected_status"),
        ("503 Service Unavailable", "200, 500-599", "up"),
        ("200 OK", "401", "unexpected_status"),
        ("999 Other", "200-399", "unexpected_status"),
    ] {
        let server = Server::answering(answer(status, "")).await;
        let expect_status = expected.parse().expect("a list");
        let outcome = run_http(HttpProbe { expect_status, ..HttpProbe::of(server.url("/")) }, LONG).await;
        assert_eq!(code(&outcome), result, "{status} {expected}");
        // It has answered, if not well.
        assert!(outcome.latency_ms.is_some());
    }
}

#[tokio::test]
async fn head_asks_for_no_body() {
    let mut server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await;
    let http = HttpProbe { method: HttpMethod::Head, ..HttpProbe::of(server.url("/")) };
    assert_eq!(code(&run_http(http, LONG).await), "up");
    assert!(server.requests.recv().await.expect("a request").starts_with("HEAD / "));
}

#[tokio::test]
async fn a_keyword_is_found_or_missed() {
    let server = Server::answering(answer("200 OK", "all is ready, Grüße")).await;
    for (keyword, absent, result) in [
        ("ready", false, "up"),
        ("Grüße", false, "up"),
        ("READY", false, "keyword_missing"),
        ("ready", true, "keyword_present"),
        ("broken", true, "up"),
    ] {
        let http = HttpProbe { keyword_absent: absent, ..with_keyword(server.url("/"), keyword) };
        assert_eq!(code(&run_http(http, LONG).await), result, "{keyword} {absent}");
    }
}

#[tokio::test]
async fn a_keyword_is_found_over_the_seams_of_chunks() {
    let server = Server::start(|mut stream, _| async move {
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.ok();
        for letter in ["xx", "r", "ea", "d", "yxx"] {
            stream.write_all(format!("{:x}\r\n{letter}\r\n", letter.len()).as_bytes()).await.ok();
            stream.flush().await.ok();
        }
        stream.write_all(b"0\r\n\r\n").await.ok();
    })
    .await;
    assert_eq!(code(&run_http(with_keyword(server.url("/"), "ready"), LONG).await), "up");
}

#[tokio::test]
async fn a_body_without_end_is_read_for_a_mebibyte() {
    let server = Server::endless("HTTP/1.1 200 OK\r\n\r\nfirst", "and so on, and so on").await;
    for (keyword, result) in [("first", "up"), ("last", "keyword_missing")] {
        assert_eq!(code(&run_http(with_keyword(server.url("/"), keyword), LONG).await), result);
    }
    // Without a keyword no body is read.
    assert_eq!(code(&run_http(HttpProbe::of(server.url("/")), LONG).await), "up");
}

#[tokio::test]
async fn the_keyword_of_a_body_that_is_longer_must_stand_in_its_beginning() {
    let mebibyte = "x".repeat(1 << 20);
    for (body, result) in
        [(format!("{}ready!", &mebibyte[6..]), "up"), (format!("{}ready", &mebibyte[4..]), "keyword_missing")]
    {
        let server = Server::answering(answer("200 OK", &body)).await;
        assert_eq!(code(&run_http(with_keyword(server.url("/"), "ready"), LONG).await), result);
    }
}

#[tokio::test]
async fn a_body_that_stops_is_ended_by_the_deadline() {
    let server = Server::start(|mut stream, _| async move {
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc").await.ok();
        // It ends when the other side has gone.
        read_head(&mut stream).await;
    })
    .await;
    let outcome = run_http(with_keyword(server.url("/"), "ready"), SHORT).await;
    assert_eq!(outcome.why, Some(ProbeFault::Timeout(ProbePhase::Body)));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc").await;
    for absent in [false, true] {
        let http = HttpProbe { keyword_absent: absent, ..with_keyword(server.url("/"), "ready") };
        assert_eq!(code(&run_http(http, LONG).await), "connection_closed");
    }
}

#[tokio::test]
async fn headers_without_end_are_an_end() {
    let server = Server::endless("HTTP/1.1 200 OK\r\n", "x-more: and more\r\n").await;
    let outcome = run_http(HttpProbe::of(server.url("/")), LONG).await;
    assert_eq!(code(&outcome), "not_http", "{outcome:?}");
    let server = Server::endless("HTTP/1.1 200 OK\r\nx-long: ", "and so on").await;
    let outcome = run_http(HttpProbe::of(server.url("/")), LONG).await;
    assert_eq!(code(&outcome), "not_http", "{outcome:?}");
    let server = Server::endless("", "HTTP/1.1 103 Early Hints\r\n\r\n").await;
    let outcome = run_http(HttpProbe::of(server.url("/")), SHORT).await;
    assert_eq!(outcome.why, Some(ProbeFault::Timeout(ProbePhase::Answer)));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_ended_by_the_deadline() {
    let server = Server::start(|mut stream, _| async move {
        read_head(&mut stream).await;
        read_head(&mut stream).await;
    })
    .await;
    let outcome = run_http(HttpProbe::of(server.url("/")), SHORT).await;
    assert_eq!(outcome.why, Some(ProbeFault::Timeout(ProbePhase::Answer)));
    assert_eq!(outcome.latency_ms, None);
    assert!(outcome.timings.connect_ms.is_some());
}

#[tokio::test]
async fn garbage_is_no_http() {
    let answers: [&[u8]; 7] = [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0\0\0\0\0\0\0\0",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 2 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"\xff\xfe\xfd\r\n\r\n",
    ];
    for answer in answers {
        let server = Server::answering(answer).await;
        let outcome = run_http(HttpProbe::of(server.url("/")), LONG).await;
        assert_eq!(code(&outcome), "not_http", "{:?} {outcome:?}", String::from_utf8_lossy(answer));
        assert_eq!(outcome.latency_ms, None);
    }
}

#[tokio::test]
async fn a_server_that_closes_at_once_is_told() {
    let server = Server::start(|stream, _| async move { drop(stream) }).await;
    assert_eq!(code(&run_http(HttpProbe::of(server.url("/")), LONG).await), "connection_closed");
    let server = Server::answering("HTTP/1.1 200 OK\r\nx: ").await;
    assert_eq!(code(&run_http(HttpProbe::of(server.url("/")), LONG).await), "connection_closed");
}

#[tokio::test]
async fn a_failed_attempt_is_tried_again() {
    let count = std::sync::Arc::new(std::sync::atomic::AtomicU8::new(0));
    let server = Server::start(move |mut stream, _| {
        let count = std::sync::Arc::clone(&count);
        async move {
            read_head(&mut stream).await;
            let nth = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let status = if nth % 3 == 2 { "200 OK" } else { "500 Oops" };
            stream.write_all(answer(status, "").as_bytes()).await.ok();
        }
    })
    .await;
    let prober = Prober::new();
    for (retries, result) in [(5, ("up", 3)), (1, ("unexpected_status", 2))] {
        let outcome = run_with(&prober, ProbeKind::Http(HttpProbe::of(server.url("/"))), LONG, retries).await;
        assert_eq!((code(&outcome), outcome.attempts), result);
    }
}

#[tokio::test]
async fn nothing_at_the_port_is_a_refusal() {
    let outcome = run_http(HttpProbe::of(format!("http://{}/", closed_port().await)), LONG).await;
    assert_eq!(outcome.why, Some(ProbeFault::ConnectionRefused));
    assert!(!ProbeFault::ConnectionRefused.is_network_fault());
}
