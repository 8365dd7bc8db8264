//! Clumsy and hostile clients get an answer by the RFCs, and the server keeps nothing of them.

use super::{
    answers::{Answer, Raw},
    support::{TestServer, start},
};

/// Everything that is answered to these bytes, up to the end of the connection.
async fn answers(server: &TestServer, bytes: &[u8]) -> Vec<Answer> {
    let mut raw = Raw::to(server.address).await;
    raw.write(bytes).await;
    let mut all = Vec::new();
    while let Some(answer) = raw.answer(false).await {
        let closes = answer.closes();
        all.push(answer);
        if !closes && all.len() > 1 {
            break;
        }
    }
    all
}

const CLOSE: &str = "connection: close\r\n\r\n";

#[tokio::test]
async fn what_is_not_a_request_is_refused_and_the_connection_closed() {
    let server = start().await;
    let long = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(64 * 1024));
    let many = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "x: a\r\n".repeat(200));
    let target = format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "a".repeat(80 * 1024));
    let lines = "\r\n".repeat(1_000_000);
    let cases: [(&str, &[u8], &[u16]); 9] = [
        ("an h2c preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", &[505]),
        ("a million empty lines", lines.as_bytes(), &[400, 431]),
        ("a long header", long.as_bytes(), &[431]),
        ("many headers", many.as_bytes(), &[431]),
        ("a long target", target.as_bytes(), &[414, 431]),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", &[400]),
        ("no version", b"GET /healthz\r\n\r\n", &[400]),
        ("a folded header", b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\r\n\r\n", &[400]),
        (
            "two lengths",
            b"POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
            &[400],
        ),
    ];
    for (name, bytes, statuses) in cases {
        let all = answers(&server, bytes).await;
        let [answer] = &all[..] else { panic!("{name}: one answer, not {all:?}") };
        assert!(statuses.contains(&answer.status) && answer.closes(), "{name}: {answer:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_unusual_is_answered() {
    let server = start().await;
    let cases = [
        ("absolute form", "GET http://localhost/healthz HTTP/1.1\r\nhost: elsewhere.example\r\n", 200),
        (
            "a foreign absolute form",
            "GET http://elsewhere.example/healthz HTTP/1.1\r\nhost: localhost\r\n",
            403,
        ),
        ("a foreign host", "GET /healthz HTTP/1.1\r\nhost: elsewhere.example\r\n", 403),
        ("a load balancer's check by an address", "GET /healthz HTTP/1.1\r\nhost: 10.0.0.7:3000\r\n", 200),
        ("a load balancer's check of HTTP/1.0", "GET /healthz HTTP/1.0\r\n", 200),
        ("HTTP/1.0 without a host", "GET /metrics HTTP/1.0\r\n", 403),
        ("no host", "GET /healthz HTTP/1.1\r\n", 400),
        ("two hosts", "GET /healthz HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n", 400),
        (
            "an unknown upgrade",
            "GET /healthz HTTP/1.1\r\nhost: localhost\r\nupgrade: foo/1\r\nconnection: upgrade\r\n",
            200,
        ),
        (
            "h2c",
            "GET /healthz HTTP/1.1\r\nhost: localhost\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n",
            200,
        ),
        (
            "an unknown upgrade of a live address",
            "GET /live/ws HTTP/1.1\r\nhost: localhost\r\nupgrade: foo\r\nconnection: upgrade\r\n",
            426,
        ),
        (
            "expected, without a body",
            "GET /healthz HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\n",
            200,
        ),
        ("empty lines before", "\r\n\r\n\r\nGET /healthz HTTP/1.1\r\nhost: localhost\r\n", 200),
        ("an unknown method", "BREW /healthz HTTP/1.1\r\nhost: localhost\r\n", 405),
    ];
    for (name, head, status) in cases {
        let all = answers(&server, format!("{head}{CLOSE}").as_bytes()).await;
        let [answer] = &all[..] else { panic!("{name}: one answer, not {all:?}") };
        assert_eq!(answer.status, status, "{name}: {answer:?}");
    }
    for (name, head) in [
        ("the whole server", "OPTIONS * HTTP/1.1\r\nhost: localhost\r\n"),
        ("a tunnel", "CONNECT localhost:80 HTTP/1.1\r\nhost: localhost:80\r\n"),
    ] {
        let all = answers(&server, format!("{head}{CLOSE}").as_bytes()).await;
        assert!(all.len() == 1 && all[0].status < 500, "{name}: {all:?}");
    }
    server.stop().await;
}
