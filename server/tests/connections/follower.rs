//! One who follows a connection.

use std::{net::SocketAddr, time::Duration};

use common::connection::{Frame, FrameDirection};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{PATH, support::TOKEN};

pub struct Follower {
    stream: TcpStream,
    text: String,
}

impl Follower {
    pub async fn of(to: SocketAddr, id: u64) -> Self {
        let mut stream = TcpStream::connect(to).await.expect("the server accepts");
        let head =
            format!("GET {PATH}/{id}/frames HTTP/1.1\r\nhost: {to}\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("written");
        let mut follower = Self { stream, text: String::new() };
        follower.until(": from now on").await;
        assert!(
            follower.text.contains("content-type: text/event-stream; charset=utf-8"),
            "{}",
            follower.text
        );
        follower
    }

    pub async fn until(&mut self, word: &str) {
        while !self.has(word) {
            self.read(word).await;
        }
    }

    /// Waits for a frame that went this way and holds the word. The word alone may stand in a time or a number, too.
    pub async fn until_frame(&mut self, way: FrameDirection, word: &str) {
        while !self.frames().iter().any(|frame| frame.way == way && frame.text.contains(word)) {
            self.read(word).await;
        }
    }

    async fn read(&mut self, word: &str) {
        let mut some = [0; 4096];
        let reading = timeout(Duration::from_secs(60), self.stream.read(&mut some));
        let read = reading.await.unwrap_or_else(|_| panic!("{word:?} does not come: {}", self.text));
        let read = read.expect("read");
        assert!(read > 0, "it ended before {word:?}: {}", self.text);
        self.text.push_str(&String::from_utf8_lossy(&some[..read]));
    }

    /// Returns true if the word has come, with all of the block that contains it.
    fn has(&self, word: &str) -> bool {
        // A comment is a line of the block that follows it.
        let end = if word.starts_with(':') { "\n" } else { "\n\n" };
        self.text.find(word).is_some_and(|at| self.text[at..].contains(end))
    }

    pub fn frames(&self) -> Vec<Frame> {
        let data = self.text.lines().filter_map(|line| line.strip_prefix("data: "));
        data.filter_map(|data| serde_json::from_str(data).ok()).collect()
    }
}
