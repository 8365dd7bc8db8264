//! A reader of lines, from the request to the end of the stream.

use common::{
    logs::{LogLine, LogMark, LogsOpened},
    stream::{StreamEndReason, StreamEntry},
};
use serde_json::Value;
use transport_probes::{Ask, Connection, LONG_WAIT, Probe};

use crate::support::{Answer, TestServer, post, request};

pub const PATH: &str = "/api/v1/hosts/local/logs";

/// Asks for lines.
pub async fn ask(server: &TestServer, request: &Value) -> Answer {
    post(server.address, PATH, "application/json", &request.to_string()).await
}

/// Opens a stream of lines.
pub async fn open(server: &TestServer, request: &Value) -> LogsOpened {
    let answer = ask(server, request).await;
    assert_eq!(answer.status, 201, "{request}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("a stream")
}

/// Ends a stream of lines. Returns the status.
pub async fn cancel(server: &TestServer, opened: &LogsOpened) -> u16 {
    let (to, id) = (server.address, &opened.id);
    let text = format!("DELETE {PATH}/{id} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n");
    request(to, &text).await.status
}

/// Reads a request's lines to their end, over the first transport.
pub async fn read(server: &TestServer, request: &Value) -> Vec<LogLine> {
    let mut reader = Reader::of(server, request).await;
    assert_eq!(reader.end().await, (StreamEndReason::Complete, None), "{request}");
    reader.lines
}

/// The texts of lines.
pub fn texts(lines: &[LogLine]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

/// The place before the first of these lines, for who has them.
pub fn before(lines: &[LogLine]) -> LogMark {
    let at = lines[0].at;
    let seen = lines.iter().filter(|line| line.at == at).count();
    LogMark { at, seen: u32::try_from(seen).expect("few") }
}

/// The place behind the last of these lines.
pub fn behind(lines: &[LogLine]) -> LogMark {
    let at = lines[lines.len() - 1].at;
    let seen = lines.iter().filter(|line| line.at == at).count();
    LogMark { at, seen: u32::try_from(seen).expect("few") }
}

/// Someone who reads a stream of lines.
pub struct Reader {
    connection: Box<dyn Connection>,
    pub lines: Vec<LogLine>,
    end: Option<(StreamEndReason, Option<String>)>,
}

impl Reader {
    pub async fn of(server: &TestServer, request: &Value) -> Self {
        let opened = open(server, request).await;
        Self::by(server, transport_probes::all()[0], &opened).await
    }

    pub async fn by(server: &TestServer, probe: &dyn Probe, opened: &LogsOpened) -> Self {
        let ask = Ask { more: LONG_WAIT, ..Ask::topics(&[opened.topic.as_str()]) };
        let mut connection = probe.connect(server.address, ask).await.expect("it may");
        connection.verdict().await;
        Self { connection, lines: Vec::new(), end: None }
    }

    /// Takes the next entry of the stream. No line is missing, and none is there twice.
    pub async fn entry(&mut self) {
        let event = self.connection.event().await;
        match StreamEntry::<LogLine>::from_json(event.data.get()).expect("an entry of a stream") {
            StreamEntry::Begin { title, .. } => assert!(!title.is_empty() && self.lines.is_empty()),
            StreamEntry::Items { first, items } => {
                assert_eq!(first, self.lines.len() as u64);
                self.lines.extend(items);
            }
            StreamEntry::End { reason, error, total } => {
                assert_eq!(total, self.lines.len() as u64);
                self.end = Some((reason, error));
            }
        }
    }

    /// Reads on until there is such a line.
    pub async fn until(&mut self, text: &str) {
        while !self.lines.iter().any(|line| line.text == text) {
            assert_eq!(self.end, None, "{text:?} is not among {:?}", texts(&self.lines));
            self.entry().await;
        }
    }

    /// Reads on to the end.
    pub async fn end(&mut self) -> (StreamEndReason, Option<String>) {
        loop {
            if let Some(end) = &self.end {
                return end.clone();
            }
            self.entry().await;
        }
    }
}
