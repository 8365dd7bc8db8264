//! A reader of the lobby over Server-Sent Events, which goes on at another node when its own ends.

use std::{io, net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::sleep,
};

pub(crate) struct RoomReader {
    nodes: Vec<SocketAddr>,
    next: usize,
    /// The last place that it was told.
    place: Option<String>,
    /// The ids of the messages, as they came.
    heard: Vec<String>,
}

impl RoomReader {
    /// `first` chooses the node that it begins with.
    pub(crate) fn new(nodes: Vec<SocketAddr>, first: usize) -> Self {
        Self { nodes, next: first, place: None, heard: Vec::new() }
    }

    /// Reads until the message with this id has come; returns the ids of all.
    pub(crate) async fn read_until(mut self, last: &str) -> Vec<String> {
        while self.heard.last().is_none_or(|heard| heard != last) {
            let node = self.nodes[self.next % self.nodes.len()];
            self.next += 1;
            if self.follow(node, last).await.is_err() {
                // The node is dead, or was killed.
                sleep(Duration::from_millis(20)).await;
            }
        }
        self.heard
    }

    async fn follow(&mut self, node: SocketAddr, last: &str) -> io::Result<()> {
        let mut stream = TcpStream::connect(node).await?;
        let from = match &self.place {
            Some(place) => format!("since={place}"),
            None => "snapshot=chat/lobby".to_owned(),
        };
        let ask = format!("GET /live/sse?topics=chat/lobby&{from} HTTP/1.1\r\nhost: {node}\r\n\r\n");
        stream.write_all(ask.as_bytes()).await?;
        let mut lines = BufReader::new(stream).lines();
        let (mut kind, mut data) = (None, None);
        // Lines between chunks say how long they are, and are none of ours.
        while let Some(line) = lines.next_line().await? {
            if let Some(text) = line.strip_prefix("event: ") {
                kind = Some(text.to_owned());
            } else if let Some(text) = line.strip_prefix("data: ") {
                data = Some(text.to_owned());
            } else if let Some(text) = line.strip_prefix("id: ") {
                match (kind.as_deref(), data.take()) {
                    (None, Some(data)) => self.hear(&data),
                    (Some("heartbeat"), _) => {}
                    other => panic!("{other:?} has a place"),
                }
                self.place = Some(text.to_owned());
                if self.heard.last().is_some_and(|heard| heard == last) {
                    return Ok(());
                }
            } else if line.is_empty() {
                assert_ne!(kind.as_deref(), Some("gap"), "nothing is lost: {data:?}");
                kind = None;
            }
        }
        Ok(())
    }

    fn hear(&mut self, event: &str) {
        let event: Value = serde_json::from_str(event).expect("JSON");
        self.heard.push(event["data"]["id"].as_str().expect("a message").to_owned());
    }
}
