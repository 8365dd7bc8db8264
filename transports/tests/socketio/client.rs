//! Packets by hand, over raw HTTP and over tungstenite.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Bytes, Error, Message},
};

/// Only a broken promise waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

pub const OPEN: &str = "EIO=4&transport=polling";

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// One request on a line of its own.
pub async fn request(to: SocketAddr, method: &str, query: &str, headers: &str, body: &str) -> Answer {
    let mut line = TcpStream::connect(to).await.expect("the server accepts");
    let length = body.len();
    let head =
        format!("{method} /socket.io/?{query} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n{headers}");
    let text = format!("{head}content-length: {length}\r\n\r\n{body}");
    // A server that refuses may have closed before all of it is written.
    let _ = line.write_all(text.as_bytes()).await;
    let mut answer = Vec::new();
    let read = timeout(PATIENCE, line.read_to_end(&mut answer)).await.expect("an answer in time");
    assert!(read.is_ok() || !answer.is_empty(), "no answer");
    let answer = String::from_utf8(answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A session on long-polling.
#[derive(Clone)]
pub struct Polling {
    pub to: SocketAddr,
    pub query: String,
}

impl Polling {
    pub async fn open(to: SocketAddr) -> Self {
        let answer = request(to, "GET", OPEN, "", "").await;
        assert_eq!(answer.status, 200);
        let open: serde_json::Value = serde_json::from_str(&answer.body[1..]).expect("JSON");
        Self { to, query: format!("sid={}", open["sid"].as_str().expect("a name")) }
    }

    pub async fn get(&self) -> Answer {
        request(self.to, "GET", &format!("{OPEN}&{}", self.query), "", "").await
    }

    pub async fn packets(&self) -> VecDeque<String> {
        let answer = self.get().await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body.split('\x1e').map(str::to_owned).collect()
    }

    /// Joins a namespace and reads all that it begins with, up to the heartbeat: a slow machine sends it in several bodies.
    pub async fn join(&self, packet: &str) {
        self.post(packet).await;
        let mut packets = self.packets().await;
        assert!(packets[0].starts_with("40{"), "{packets:?}");
        while !packets.iter().any(|packet| packet.starts_with("42[\"heartbeat\"")) {
            packets = self.packets().await;
        }
    }

    pub async fn post(&self, body: &str) -> Answer {
        request(self.to, "POST", &format!("{OPEN}&{}", self.query), "", body).await
    }
}

/// A connection on a WebSocket.
pub struct Socket {
    line: WebSocketStream<TcpStream>,
    /// The client leaves pings unanswered.
    pub deaf: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    Text(String),
    Binary(Vec<u8>),
    End(Option<u16>),
}

impl Socket {
    /// With the handshake behind it where there is one.
    pub async fn open(to: SocketAddr, more: &str) -> Self {
        let url = format!("ws://{to}/socket.io/?EIO=4&transport=websocket&{more}");
        let stream = TcpStream::connect(to).await.expect("the server accepts");
        let (socket, _) = client_async(url, stream).await.expect("a handshake");
        let mut socket = Self { line: socket, deaf: false };
        if more.is_empty() {
            assert!(matches!(socket.receive().await, Received::Text(open) if open.starts_with("0{")));
        }
        socket
    }

    /// The status with which a handshake is refused.
    pub async fn refused(to: SocketAddr, query: &str) -> (u16, String) {
        let stream = TcpStream::connect(to).await.expect("the server accepts");
        match client_async(format!("ws://{to}/socket.io/?{query}"), stream).await {
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                (response.status().as_u16(), String::from_utf8(body).expect("text"))
            }
            other => panic!("a refusal was due, not {other:?}"),
        }
    }

    pub async fn say(&mut self, text: &str) {
        self.line.send(Message::Text(text.into())).await.expect("said");
    }

    pub async fn give(&mut self, bytes: &[u8]) {
        self.line.send(Message::Binary(Bytes::copy_from_slice(bytes))).await.expect("said");
    }

    pub async fn receive(&mut self) -> Received {
        loop {
            let next = timeout(PATIENCE, self.line.next()).await.expect("something is said in time");
            return match next {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => {
                    if !self.deaf {
                        self.say("3").await;
                    }
                    continue;
                }
                Some(Ok(Message::Text(text))) => Received::Text(text.to_string()),
                Some(Ok(Message::Binary(bytes))) => Received::Binary(bytes.to_vec()),
                Some(Ok(Message::Close(close))) => Received::End(close.map(|close| close.code.into())),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => Received::End(None),
            };
        }
    }

    /// Sends a WebSocket ping. `None` if its answer is what comes next, else the text that came before.
    pub async fn echo(&mut self) -> Option<String> {
        self.line.send(Message::Ping(Bytes::from_static(b"echo"))).await.expect("said");
        match timeout(PATIENCE, self.line.next()).await.expect("something is said in time") {
            Some(Ok(Message::Pong(_))) => None,
            Some(Ok(Message::Text(text))) => Some(text.to_string()),
            other => panic!("an answer was due, not {other:?}"),
        }
    }

    /// The next text, if it comes within this time.
    pub async fn soon(&mut self, patience: Duration) -> Option<Received> {
        timeout(patience, self.receive()).await.ok()
    }

    pub async fn text(&mut self) -> String {
        match self.receive().await {
            Received::Text(text) => text,
            other => panic!("text was due, not {other:?}"),
        }
    }

    /// The next message that begins so; others on the way are passed over.
    pub async fn until(&mut self, beginning: &str) -> String {
        loop {
            let text = self.text().await;
            if text.starts_with(beginning) {
                return text;
            }
        }
    }

    pub async fn end(&mut self) -> Option<u16> {
        loop {
            if let Received::End(code) = self.receive().await {
                return code;
            }
        }
    }

    /// Joins the main namespace; who it is now.
    pub async fn join(&mut self, auth: &str) -> Granted {
        self.say(&format!("40{auth}")).await;
        let answer = self.until("40").await;
        serde_json::from_str(&answer[2..]).expect("sid and pid")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Granted {
    pub sid: String,
    pub pid: String,
}

/// The number that a publication of `{"n":…}` carries.
pub fn number(event: &str) -> u64 {
    let args: serde_json::Value = serde_json::from_str(&event[2..]).expect("JSON");
    args[1]["data"]["n"].as_u64().expect("a number")
}
