//! Requests whose answers are read when it suits.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::client::OPEN;

/// Only a broken promise waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request that was written. Dropping it cuts its line.
pub struct Question {
    line: TcpStream,
    answer: Vec<u8>,
}

impl Question {
    pub async fn ask(to: SocketAddr, method: &str, query: &str, body: &str) -> Self {
        let mut line = TcpStream::connect(to).await.expect("the server accepts");
        let length = body.len();
        let text = format!(
            "{method} /socket.io/?{OPEN}{query} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        line.write_all(text.as_bytes()).await.expect("written");
        Self { line, answer: Vec::new() }
    }

    /// The body of the answer. Where it is not waited for to its end, it goes on with what was read.
    pub async fn body(&mut self) -> String {
        let reading = async { while self.line.read_buf(&mut self.answer).await.expect("read") > 0 {} };
        timeout(PATIENCE, reading).await.expect("an answer in time");
        let answer = String::from_utf8(std::mem::take(&mut self.answer)).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        body.to_owned()
    }
}
