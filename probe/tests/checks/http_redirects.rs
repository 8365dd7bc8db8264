//! Redirects: followed within bounds, and told where they lead nowhere.

use probe::HttpProbe;
use tokio::io::AsyncWriteExt;

use crate::support::{LONG, SHORT, Server, answer, code, read_head, run_http};

fn to(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n")
}

/// A server whose paths `/3`, `/2`, `/1` lead on, down to `/0`.
async fn countdown() -> Server {
    Server::start(|mut stream, requests| async move {
        let head = read_head(&mut stream).await;
        let n: u8 = head.split(['/', ' ']).nth(2).and_then(|n| n.parse().ok()).expect("a number");
        requests.send(head).await.ok();
        let answer = if n == 0 { answer("200 OK", "there") } else { to(302, &format!("./{}", n - 1)) };
        stream.write_all(answer.as_bytes()).await.ok();
    })
    .await
}

#[tokio::test]
async fn five_redirects_are_followed() {
    let server = countdown().await;
    for (path, result) in [("/0", "up"), ("/1", "up"), ("/5", "up"), ("/6", "too_many_redirects")] {
        let http = HttpProbe { keyword: Some("there".into()), ..HttpProbe::of(server.url(path)) };
        assert_eq!(code(&run_http(http, LONG).await), result, "{path}");
    }
}

#[tokio::test]
async fn a_redirect_that_is_not_followed_is_an_answer() {
    let mut server = countdown().await;
    let http = HttpProbe { follow_redirects: false, ..HttpProbe::of(server.url("/3")) };
    assert_eq!(code(&run_http(http.clone(), LONG).await), "up");
    let http = HttpProbe { expect_status: "200".parse().expect("a list"), ..http };
    assert_eq!(code(&run_http(http, LONG).await), "unexpected_status");
    server.requests.recv().await.expect("one");
    server.requests.recv().await.expect("two");
    assert!(server.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_redirect_to_itself_ends() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::answering(to(status, "/")).await;
        assert_eq!(code(&run_http(HttpProbe::of(server.url("/")), LONG).await), "too_many_redirects");
    }
}

#[tokio::test]
async fn a_redirect_to_no_web_address_is_told() {
    for location in [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://[::1/",
        "http://a:0/",
        "http://a b/",
        "//:80",
    ] {
        let server = Server::answering(to(302, location)).await;
        let outcome = run_http(HttpProbe::of(server.url("/")), LONG).await;
        assert_eq!(code(&outcome), "bad_redirect", "{location} {outcome:?}");
        assert!(outcome.latency_ms.is_some());
    }
}

#[tokio::test]
async fn a_long_redirect_is_shown_in_short() {
    let server = Server::answering(to(302, &format!("ftp://example.org/{}", "a".repeat(10_000)))).await;
    let outcome = run_http(HttpProbe::of(server.url("/")), LONG).await;
    assert!(outcome.why.expect("a fault").to_string().len() < 250);
}

#[tokio::test]
async fn a_redirect_without_an_address_is_an_answer() {
    let server = Server::answering(answer("302 Found", "")).await;
    assert_eq!(code(&run_http(HttpProbe::of(server.url("/")), LONG).await), "up");
}

#[tokio::test]
async fn a_user_in_a_redirect_is_not_sent_on() {
    let mut there = Server::answering(answer("200 OK", "")).await;
    let server = Server::answering(to(302, &format!("http://user:secret@{}/", there.address))).await;
    assert_eq!(code(&run_http(HttpProbe::of(server.url("/")), LONG).await), "up");
    let request = there.requests.recv().await.expect("a request");
    assert!(!request.contains("user:") && !request.to_lowercase().contains("authorization"), "{request}");
}

#[tokio::test]
async fn all_redirects_are_of_one_deadline() {
    let silent = Server::start(|mut stream, _| async move {
        read_head(&mut stream).await;
        read_head(&mut stream).await;
    })
    .await;
    let server = Server::answering(to(302, &silent.url("/"))).await;
    let outcome = run_http(HttpProbe::of(server.url("/")), SHORT).await;
    assert_eq!((code(&outcome), outcome.latency_ms), ("timeout", None));
}
