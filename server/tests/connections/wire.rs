//! All transports as bytes on a socket, asked for as docs/protocol.md says: what is heard is searched as text.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// By their ids in the catalog.
pub const TRANSPORTS: [&str; 6] = ["websocket", "sse", "http_stream", "long_polling", "polling", "socketio"];
/// Those that tell by themselves.
pub const LINES: [&str; 4] = ["websocket", "sse", "http_stream", "socketio"];

/// Only a broken promise waits for it: it ends a test that would otherwise hang.
const PATIENCE: Duration = Duration::from_secs(60);
/// The kernel buffers this many bytes for a client that does not read.
const SMALL: u32 = 4096;

pub struct Client {
    stream: TcpStream,
    transport: &'static str,
    to: SocketAddr,
    query: String,
    heard: String,
}

impl Client {
    /// A client that follows these topics and has heard the first word.
    pub async fn open(to: SocketAddr, transport: &'static str, topics: &str) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(SMALL).expect("a small buffer");
        let stream = socket.connect(to).await.expect("the server accepts");
        let query = format!("topics={topics}");
        let mut client = Self { stream, transport, to, query, heard: String::new() };
        match transport {
            "websocket" => client.upgrade(&format!("/live/ws?{}", client.query)).await,
            "socketio" => {
                client.upgrade("/socket.io/?EIO=4&transport=websocket").await;
                let topics: Vec<&str> = topics.split(',').collect();
                client.say(&format!("40{}", serde_json::json!({ "topics": topics }))).await;
            }
            _ => client.ask().await,
        }
        client.hear("welcome").await;
        client
    }

    pub fn address(&self) -> String {
        self.stream.local_addr().expect("an address").to_string()
    }

    async fn upgrade(&mut self, path: &str) {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            self.to
        );
        self.write(head.as_bytes()).await;
        self.hear("101 Switching Protocols").await;
    }

    /// Asks, or asks again on the same connection.
    pub async fn ask(&mut self) {
        let path = match self.transport {
            "sse" => "/live/sse",
            "http_stream" => "/live/stream",
            "long_polling" => "/live/long-poll",
            _ => "/live/poll",
        };
        let head = format!("GET {path}?{} HTTP/1.1\r\nhost: {}\r\n\r\n", self.query, self.to);
        self.write(head.as_bytes()).await;
    }

    /// Asks from the log's place at this moment, so that a question that can wait does.
    pub async fn ask_since(&mut self, place: impl std::fmt::Display) {
        self.query = format!("{}&since={place}", self.query.split('&').next().expect("topics"));
        self.ask().await;
    }

    /// A text frame of a WebSocket; masked with zeros, it is the text itself (RFC 6455 §5.2).
    pub async fn say(&mut self, text: &str) {
        let length = u8::try_from(text.len()).ok().filter(|&length| length < 126).expect("a short text");
        let frame = [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat();
        self.write(&frame).await;
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("written");
    }

    /// Reads until this is among what was heard since the last time, and gives what stands before it.
    pub async fn hear(&mut self, word: &str) -> String {
        let mut searched = 0;
        loop {
            if let Some(at) = self.heard[searched..].find(word) {
                let rest = self.heard.split_off(searched + at + word.len());
                return std::mem::replace(&mut self.heard, rest);
            }
            searched = self.heard.floor_char_boundary(self.heard.len().saturating_sub(word.len()));
            assert!(self.read().await, "it ended before {word:?}: {}", self.heard);
        }
    }

    /// Reads until the server has ended the connection.
    pub async fn ended(&mut self) {
        while self.read().await {}
    }

    async fn read(&mut self) -> bool {
        let mut some = vec![0; 16 * 1024];
        let reading = timeout(PATIENCE, self.stream.read(&mut some));
        let read = reading.await.unwrap_or_else(|_| panic!("nothing more came: {}", self.heard));
        let read = read.unwrap_or(0);
        self.heard.push_str(&String::from_utf8_lossy(&some[..read]));
        read > 0
    }
}
