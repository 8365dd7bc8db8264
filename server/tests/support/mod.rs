//! A real server for each test, on a port of its own, in this process.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "each test file uses its part, and nothing else does"
)]

pub mod binary;

pub mod folder;

pub mod haproxy;

pub mod nginx;

pub mod programs;

pub mod tls;

use std::net::SocketAddr;

use pulseboard::{config::Config, secret::Secret, serve::Server};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};

/// The token that opens the addresses for operators.
pub const TOKEN: &str = "the-operators-token-of-these-tests";

pub struct TestServer {
    pub address: SocketAddr,
    pub hub: fanout::Hub,
    pub data: TempDir,
    /// The link that makes the first account.
    pub set_up: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

pub async fn start() -> TestServer {
    start_with(|_| ()).await
}

pub async fn start_with(change: impl FnOnce(&mut Config)) -> TestServer {
    let data = tempfile::tempdir().expect("a folder");
    let mut config = Config {
        listen: "127.0.0.1:0".parse().expect("an address"),
        data_dir: data.path().to_owned(),
        ..Config::default()
    };
    config.operator.token = Some(Secret::new(TOKEN));
    // Containers of this machine are no test's business.
    "off".clone_into(&mut config.containers.engine);
    // Tests publish as fast as they can, but for the one of this limit.
    config.limits.publications_per_second = 0;
    change(&mut config);
    folder::let_go(&config.data_dir).await;
    let server = Server::bind(&config).await.expect("the server starts");
    let address = server.address().expect("an address");
    let hub = server.hub().clone();
    let set_up = server.first_account_link().expect("a link");
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(server.serve(async {
        let _ = stopped.await;
    }));
    TestServer { address, hub, data, set_up, stop: Some(stop), serving }
}

impl TestServer {
    /// Asks it to stop and waits until it has.
    pub async fn stop(mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        self.serving.await.expect("the server ends in order");
    }
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

pub async fn get(to: SocketAddr, path: &str) -> Answer {
    request(to, &format!("GET {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n")).await
}

/// Asks as an operator.
pub async fn operate(method: &str, to: SocketAddr, path: &str) -> Answer {
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n");
    request(to, &format!("{head}authorization: Bearer {TOKEN}\r\n\r\n")).await
}

pub async fn post(to: SocketAddr, path: &str, kind: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: {kind}\r\n");
    request(to, &format!("{head}content-length: {length}\r\n\r\n{body}")).await
}

/// Posts JSON, with further header lines; none where there was no whole answer, as of a server that is dead.
pub async fn try_post(to: SocketAddr, path: &str, lines: &str, json: &str) -> Option<(u16, String)> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         {lines}content-length: {}\r\n\r\n",
        json.len()
    );
    let mut stream = TcpStream::connect(to).await.ok()?;
    stream.write_all((head + json).as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// The NATS server that leads the log's stream, as a node's `/readyz` tells it.
pub fn log_leader(ready: &str) -> Option<&str> {
    let line = ready.lines().find_map(|line| line.strip_prefix("stream PULSEBOARD: leader "))?;
    line.split(',').next()
}

pub async fn request(to: SocketAddr, text: &str) -> Answer {
    let mut stream = TcpStream::connect(to).await.expect("the server accepts");
    stream.write_all(text.as_bytes()).await.expect("written");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("read");
    self::answer(&answer)
}

/// An answer as it was read, all of it.
pub fn answer(bytes: &[u8]) -> Answer {
    let answer = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Reads a stream that does not end until `enough` of it is there.
pub async fn stream(to: SocketAddr, path: &str, enough: impl Fn(&str) -> bool) -> String {
    let mut stream = TcpStream::connect(to).await.expect("the server accepts");
    let ask = format!("GET {path} HTTP/1.1\r\nhost: {to}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.expect("written");
    let mut text = String::new();
    let reading = async {
        while !enough(&text) {
            let mut some = [0; 4096];
            let read = stream.read(&mut some).await.expect("read");
            assert!(read > 0, "the stream ended: {text}");
            text.push_str(std::str::from_utf8(&some[..read]).expect("UTF-8"));
        }
    };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(30), reading).await;
    assert!(waited.is_ok(), "not enough came: {text}");
    text
}
