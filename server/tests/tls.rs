//! TLS and HTTP/2, with a certificate that the server makes itself.

mod support;

use std::{collections::BTreeSet, fs, net::SocketAddr};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use pulseboard::{config::Config, serve::Server};
use support::{TestServer, start_with, tls::dial};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

async fn secure() -> TestServer {
    start_with(|config| {
        config.tls.self_signed = true;
        config.limits.connections_per_address = 64;
    })
    .await
}

async fn http2_to(server: &TestServer) -> http2::SendRequest<Full<Bytes>> {
    let io = TokioIo::new(dial(server.address, server.data.path(), b"h2").await);
    let (asking, connection) = http2::handshake(TokioExecutor::new(), io).await.expect("HTTP/2");
    tokio::spawn(connection);
    asking
}

fn question(to: SocketAddr, path: &str) -> Request<Full<Bytes>> {
    Request::get(format!("https://localhost:{}{path}", to.port())).body(Full::default()).expect("a request")
}

async fn until(answer: &mut Response<Incoming>, enough: &str) -> String {
    let mut text = String::new();
    while !text.contains(enough) {
        let frame = answer.frame().await.expect("the stream goes on").expect("a frame");
        text += std::str::from_utf8(frame.data_ref().expect("data")).expect("UTF-8");
    }
    text
}

#[tokio::test]
async fn thirty_streams_are_live_at_once_on_one_connection_of_http2() {
    let server = secure().await;
    let mut asking = http2_to(&server).await;
    let mut streams = Vec::new();
    for n in 0..30 {
        let path = if n % 2 == 0 { "/live/sse?topics=custom/x" } else { "/live/stream?topics=custom/x" };
        let mut answer = asking.send_request(question(server.address, path)).await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.version()), (200, hyper::Version::HTTP_2));
        assert!(answer.headers().contains_key("x-accel-buffering"));
        until(&mut answer, "heartbeat").await;
        streams.push(answer);
    }
    let topic = "custom/x".parse().expect("a topic");
    for n in 0..10 {
        server.hub.publish(&topic, format!("\"number {n}\"").into()).expect("published");
    }
    for stream in &mut streams {
        until(stream, "number 9").await;
    }
    // A stream that is reset leaves the log.
    streams.truncate(3);
    for _ in 0..500 {
        if server.hub.subscribers(&topic) == 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(server.hub.subscribers(&topic), 3);
    let waiting = question(server.address, "/live/long-poll?topics=custom/x&since=1-1&wait=0");
    let answer = asking.send_request(waiting).await.expect("an answer");
    assert_eq!(answer.status(), 200, "a gap, told at once");
    server.stop().await;
    for stream in &mut streams {
        until(stream, "shutdown").await;
        while let Some(rest) = stream.frame().await {
            rest.expect("the stream ends in order");
        }
    }
}

/// The head of an answer, without what a version of HTTP says of its own body.
fn fields<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeSet<(String, String)> {
    let of_version = ["connection", "transfer-encoding", "content-length"];
    let told = all.filter(|(name, _)| !of_version.contains(name));
    // The second may pass between the two.
    told.map(|(name, value)| (name.to_owned(), if name == "date" { "" } else { value }.to_owned())).collect()
}

#[tokio::test]
async fn an_answer_that_a_transport_writes_has_the_head_that_hyper_gives_it() {
    let server = secure().await;
    let mut asking = http2_to(&server).await;
    for path in [
        "/live/sse?topics=custom/x",
        "/live/stream?topics=custom/x",
        "/sse/cpumemdisk",
        "/live/silence?ms=100",
        "/live/poll?topics=custom/x",
        "/live/long-poll?topics=custom/x&since=1-1&wait=0",
        "/live/poll?topics=%20",
        "/live/long-poll?topics=custom/x&wait=soon",
        "/live/sse?topics=%20",
        "/live/stream?topics=no/such/topic",
        "/api/v1/nothing",
        "/healthz",
    ] {
        let mut stream = dial(server.address, server.data.path(), b"http/1.1").await;
        let host = format!("localhost:{}", server.address.port());
        let ask = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.expect("written");
        let text = read_until(&mut stream, "\r\n\r\n").await;
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
        let written = fields(lines.filter_map(|line| line.split_once(": ")));
        let answer = asking.send_request(question(server.address, path)).await.expect("an answer");
        let given = answer.headers().iter();
        let given = fields(given.map(|(name, value)| (name.as_str(), value.to_str().expect("text"))));
        assert_eq!((status, written), (answer.status().as_str(), given), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_reader_who_takes_nothing_holds_up_no_other_stream_of_its_connection() {
    let server = secure().await;
    let mut asking = http2_to(&server).await;
    let path = "/live/sse?topics=custom/flood";
    let mut stalled = asking.send_request(question(server.address, path)).await.expect("an answer");
    until(&mut stalled, "heartbeat").await;
    let topic = "custom/flood".parse().expect("a topic");
    let filling = format!("\"{}\"", "x".repeat(60_000));
    for _ in 0..200 {
        server.hub.publish(&topic, filling.clone().into()).expect("published");
    }
    let page = asking.send_request(question(server.address, "/healthz")).await.expect("an answer");
    assert_eq!(page.status(), 200);
    drop(stalled);
    server.stop().await;
}

#[tokio::test]
async fn http1_with_tls_carries_a_stream_and_a_websocket() {
    let server = secure().await;
    let host = format!("localhost:{}", server.address.port());
    let mut stream = dial(server.address, server.data.path(), b"http/1.1").await;
    let ask = format!("GET /live/sse?topics=host/local/metrics HTTP/1.1\r\nhost: {host}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.expect("written");
    read_until(&mut stream, "cpu.total").await;
    let mut socket = dial(server.address, server.data.path(), b"http/1.1").await;
    let ask = format!(
        "GET /live/ws?topics=host/local/metrics HTTP/1.1\r\nhost: {host}\r\norigin: https://{host}\r\n\
         connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(ask.as_bytes()).await.expect("written");
    let text = read_until(&mut socket, "cpu.total").await;
    assert!(text.starts_with("HTTP/1.1 101 "), "{text}");
    server.stop().await;
}

async fn read_until(stream: &mut TlsStream<TcpStream>, enough: &str) -> String {
    let mut text = String::new();
    while !text.contains(enough) {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).await.expect("read");
        assert!(read > 0, "the stream ended: {text}");
        text += &String::from_utf8_lossy(&some[..read]);
    }
    text
}

#[tokio::test]
async fn what_does_not_speak_tls_is_let_go_and_the_next_is_served() {
    let server = secure().await;
    let mut plain = TcpStream::connect(server.address).await.expect("the server accepts");
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("written");
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP/"), "no page without TLS");
    let mut asking = http2_to(&server).await;
    let page = asking.send_request(question(server.address, "/healthz")).await.expect("an answer");
    assert_eq!(page.status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn a_bad_certificate_is_one_clear_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path
    };
    let (empty, text) = (file("empty.pem", ""), file("text.pem", "hello"));
    let missing = folder.path().join("missing.pem");
    for (cert, key, told) in [
        (Some(&missing), Some(&text), "missing.pem"),
        (Some(&empty), Some(&text), "holds no certificate"),
        (Some(&text), None, "go together"),
    ] {
        let mut config = Config {
            listen: "127.0.0.1:0".parse().expect("an address"),
            data_dir: folder.path().join("data"),
            ..Config::default()
        };
        config.tls.cert = cert.cloned();
        config.tls.key = key.cloned();
        let error = Server::bind(&config).await.err().expect("refused");
        assert!(format!("{error:#}").contains(told), "{error:#}");
    }
}

#[tokio::test]
async fn live_users_over_http2_shut_nobody_out_and_hold_no_place() {
    let server = start_with(|config| {
        config.tls.self_signed = true;
        config.limits.connections = 0;
        config.limits.connections_per_address = 0;
    })
    .await;
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit { current: limit.maximum, ..limit };
    rustix::process::setrlimit(rustix::process::Resource::Nofile, raised).expect("raised");
    let mut users = Vec::new();
    // More than one address has places, and more than there are.
    for _ in 0..1_040 {
        let mut asking = http2_to(&server).await;
        let asked = asking.send_request(question(server.address, "/live/sse?topics=custom/x"));
        let asked = tokio::time::timeout(std::time::Duration::from_secs(30), asked);
        let answer = asked.await.expect("a place").expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
        users.push((asking, answer));
    }
    // None was closed for another, and each can still ask.
    for (asking, _) in &mut users {
        let answer = asking.send_request(question(server.address, "/healthz")).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
    }
    drop(users);
    server.stop().await;
}
