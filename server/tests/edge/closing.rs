//! WebSockets that the server ends: its half stays open until the client has answered the close frame, or has had its time.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::support::{TOKEN, TestServer, request, start, start_with};

/// A close frame from a client, masked, without a code.
const CLOSE: [u8; 6] = [0x88, 0x80, 1, 2, 3, 4];
/// So long nothing may be heard of an end that has to wait.
const NOT_YET: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(60);

const LOG: &str = "/live/ws?topics=custom/x";
const SOCKET_IO: &str = "/socket.io/?EIO=4&transport=websocket";

struct Client {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Client {
    async fn open(to: SocketAddr, path: &str) -> Self {
        let mut stream = TcpStream::connect(to).await.expect("the server accepts");
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("written");
        let mut client = Self { stream, heard: Vec::new() };
        client.until(|heard| text(heard).contains("\r\n\r\n")).await;
        if path == SOCKET_IO {
            client.say(r#"40{"topics":["custom/x"]}"#).await;
        }
        client
    }

    async fn say(&mut self, text: &str) {
        let mut frame = vec![0x81, 0x80 | u8::try_from(text.len()).expect("short"), 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        self.stream.write_all(&frame).await.expect("written");
    }

    async fn until(&mut self, enough: impl Fn(&[u8]) -> bool) {
        while !enough(&self.heard) {
            let mut some = [0; 4096];
            let read = timeout(PATIENCE, self.stream.read(&mut some)).await.expect("bytes").expect("read");
            assert!(read > 0, "it ended: {}", text(&self.heard));
            self.heard.extend_from_slice(&some[..read]);
        }
    }

    /// Hears the server's close frame, and then nothing until it has answered, if it answers.
    async fn hears_the_end(mut self, answers: bool, what: &str) {
        // A close frame with a code is the last that a server says.
        self.until(|heard| heard.len() > 4 && heard[heard.len() - 4..].starts_with(&[0x88, 2])).await;
        let mut some = [0; 64];
        let early = timeout(NOT_YET, self.stream.read(&mut some)).await;
        assert!(early.is_err(), "{what}: {early:?} before the close frame was answered");
        if answers {
            self.stream.write_all(&CLOSE).await.expect("written");
        }
        let end = timeout(PATIENCE, self.stream.read(&mut some)).await.expect("an end");
        assert!(matches!(end, Ok(0)), "{what}: {end:?}");
    }
}

fn text(heard: &[u8]) -> String {
    String::from_utf8_lossy(heard).into_owned()
}

async fn kick(server: &TestServer) {
    let to = server.address;
    let ask = |method: &str, rest: &str| {
        format!(
            "{method} /api/v1/connections{rest} HTTP/1.1\r\nhost: {to}\r\nauthorization: Bearer {TOKEN}\r\n\
             connection: close\r\n\r\n"
        )
    };
    let list = request(to, &ask("GET", "")).await;
    let list: serde_json::Value = serde_json::from_str(&list.body).expect(&list.body);
    let id = list["connections"][0]["id"].to_string();
    let ended = request(to, &ask("DELETE", &format!("/{}", id.trim_matches('"')))).await;
    assert_eq!(ended.status, 204, "{}", ended.body);
}

async fn followed(server: &TestServer) {
    let topic = "custom/x".parse().expect("a topic");
    while server.hub.subscribers(&topic) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_restart_waits_for_the_close_frame() {
    for path in [LOG, SOCKET_IO] {
        for answers in [true, false] {
            let server = start().await;
            let client = Client::open(server.address, path).await;
            followed(&server).await;
            let stopping = tokio::spawn(server.stop());
            client.hears_the_end(answers, path).await;
            stopping.await.expect("it stops");
        }
    }
}

#[tokio::test]
async fn whoever_is_sent_away_has_time_to_answer() {
    for path in [LOG, SOCKET_IO] {
        for answers in [true, false] {
            let server = start().await;
            let client = Client::open(server.address, path).await;
            followed(&server).await;
            kick(&server).await;
            client.hears_the_end(answers, path).await;
            server.stop().await;
        }
    }
}

#[tokio::test]
async fn whoever_is_one_too_many_or_breaks_a_rule_has_time_to_answer() {
    let server = start_with(|config| config.limits.connections_per_address = 1).await;
    let mut first = Client::open(server.address, LOG).await;
    for answers in [true, false] {
        Client::open(server.address, LOG).await.hears_the_end(answers, "one too many").await;
    }
    first.stream.write_all(&[0x82, 0x81, 0, 0, 0, 0, 1]).await.expect("written");
    first.hears_the_end(true, "a rule").await;
    server.stop().await;
}
