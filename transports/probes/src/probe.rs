//! The test client of any transport.

use std::{io, net::SocketAddr, time::Duration};

use common::{
    Cursor,
    frame::{ByeReason, Event, ServerFrame, Verdict},
};
use futures_util::future::BoxFuture;
use tokio::time::timeout;
use transports::catalog::Entry;

/// Long enough for a busy machine; only a broken promise waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub topics: Vec<String>,
    pub since: Option<String>,
    pub snapshot: Vec<String>,
    pub headers: Vec<(&'static str, String)>,
    /// The parameters that one transport alone has.
    pub more: &'static str,
}

impl Ask {
    pub fn topics(topics: &[&str]) -> Self {
        Self { topics: topics.iter().map(ToString::to_string).collect(), ..Self::default() }
    }

    pub fn since(mut self, cursor: impl ToString) -> Self {
        self.since = Some(cursor.to_string());
        self
    }

    pub fn query(&self) -> String {
        let mut query = format!("topics={}&snapshot={}", self.topics.join(","), self.snapshot.join(","));
        if let Some(since) = &self.since {
            query += &format!("&since={since}");
        }
        query + self.more
    }
}

/// Something the server said or did.
#[derive(Debug)]
pub enum Seen {
    Frame(ServerFrame),
    /// The end of the line, with a close code where the transport has them.
    End(Option<u16>),
}

/// A long poll that waits longer than a slow machine takes to set its stage. Other transports know no such wish.
pub const LONG_WAIT: &str = "&wait=60";

/// A refusal before there was a connection.
#[derive(Debug)]
pub struct Refused {
    /// 0 where no answer came.
    pub status: u16,
    pub body: String,
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self { status: 0, body: error.to_string() }
    }
}

pub trait Probe: Sync {
    fn entry(&self) -> &'static Entry;
    /// Reports that the server knows of the client between two frames.
    fn holds_a_connection(&self) -> bool {
        true
    }
    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>>;
}

pub trait Connection: Send {
    fn see(&mut self) -> BoxFuture<'_, Seen>;
    /// Bytes as they are, for transports with a way up.
    fn send_raw(&mut self, bytes: Vec<u8>) -> BoxFuture<'_, ()>;
}

impl dyn Connection + '_ {
    pub async fn next(&mut self) -> Seen {
        timeout(PATIENCE, self.see()).await.expect("the server says something in time")
    }

    pub async fn frame(&mut self) -> ServerFrame {
        match self.next().await {
            Seen::Frame(frame) => frame,
            Seen::End(code) => panic!("the line ended ({code:?}) where a frame was due"),
        }
    }

    pub async fn verdict(&mut self) -> Verdict {
        match self.frame().await {
            ServerFrame::Welcome { verdict, .. } => verdict,
            other => panic!("a connection begins with welcome, not {other:?}"),
        }
    }

    /// Returns the next publication; heartbeats on the way are passed over.
    pub async fn event(&mut self) -> Event {
        loop {
            match self.frame().await {
                ServerFrame::Event(event) => return event,
                ServerFrame::Heartbeat { .. } => {}
                other => panic!("an event was due, not {other:?}"),
            }
        }
    }

    pub async fn heartbeat(&mut self) -> Cursor {
        match self.frame().await {
            ServerFrame::Heartbeat { cursor } => cursor,
            other => panic!("a heartbeat was due, not {other:?}"),
        }
    }

    /// Why and when to come back; heartbeats on the way are passed over.
    pub async fn bye(&mut self) -> (ByeReason, u64) {
        loop {
            match self.frame().await {
                ServerFrame::Bye { reason, retry_ms } => return (reason, retry_ms),
                ServerFrame::Heartbeat { .. } => {}
                other => panic!("bye was due, not {other:?}"),
            }
        }
    }

    /// The close code at the end of what is still on the line.
    pub async fn end(&mut self) -> Option<u16> {
        loop {
            if let Seen::End(code) = self.next().await {
                return code;
            }
        }
    }
}
