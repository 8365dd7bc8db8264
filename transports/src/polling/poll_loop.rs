//! The page's client of both kinds of polling: one poll after another, and the frames of their responses.

use common::{
    Cursor,
    frame::{ServerFrame, Verdict},
};
use serde_json::value::RawValue;

use crate::browser::{
    ClientConnection, ClientEvent, EventSink, SubscribeRequest, fetch,
    pause::{is_shown, pause},
    reading::{self, Reader, RequestFailed},
};

/// The configuration of a polling transport.
pub(crate) struct PollConfig {
    pub(crate) path: &'static str,
    /// The seconds for which the server may wait before it answers that nothing is new; without it, the client waits
    /// between polls.
    pub(crate) wait: Option<u32>,
    /// The longest time between two responses, ms. The server's own heartbeat is about connections that stay, so the
    /// page gets this one.
    pub(crate) silence_ms: u64,
}

/// The pause between two polls that the server does not hold, ms.
const PAUSE_SHOWN_MS: i32 = 1_000;
const PAUSE_HIDDEN_MS: i32 = 5_000;

/// The step after a response.
#[derive(PartialEq)]
enum Next {
    /// There is more to fetch.
    AskAtOnce,
    /// Everything is fetched.
    AskAgain,
    /// Everything is fetched, and the server was not asked to wait, or did not: it is not to be flooded.
    Pause,
}

/// Opens a connection of polls.
pub(crate) fn open(
    config: &'static PollConfig,
    ask: &SubscribeRequest,
    sink: EventSink,
) -> Option<Box<dyn ClientConnection>> {
    let poll_loop = PollLoop { config, ask: ask.clone(), welcomed: false };
    reading::open(sink, |reader| poll_loop.run(reader))
}

struct PollLoop {
    config: &'static PollConfig,
    ask: SubscribeRequest,
    /// The page was told that the connection is open: from then on the server waits.
    welcomed: bool,
}

impl PollLoop {
    async fn run(mut self, reader: Reader) -> Result<(), RequestFailed> {
        loop {
            let next = self.poll_once(&reader).await?;
            let holds = self.config.wait.is_some();
            if next == Next::Pause || (next == Next::AskAgain && !holds) {
                pause(if is_shown() { PAUSE_SHOWN_MS } else { PAUSE_HIDDEN_MS }).await;
            }
        }
    }

    async fn poll_once(&mut self, reader: &Reader) -> Result<Next, RequestFailed> {
        let answer = fetch::get(&self.address(), Some(&reader.signal)).await?;
        if answer.status() == 204 {
            let cursor = fetch::header(&answer, "live-cursor").ok_or(RequestFailed)?;
            let cursor = cursor.parse().map_err(|_| RequestFailed)?;
            self.welcome(reader, Verdict::Resumed, cursor);
            self.caught_up(reader, cursor);
            return Ok(Next::AskAgain);
        }
        let body = fetch::text(&answer).await?;
        let frames: Vec<Box<RawValue>> = serde_json::from_str(&body).map_err(|_| RequestFailed)?;
        let mut next = Next::Pause;
        for frame in frames {
            // A frame that this page does not know is none for it.
            let Ok(frame) = ServerFrame::from_json(frame.get()) else { continue };
            match frame {
                ServerFrame::Welcome { verdict, head, .. } => self.welcome(reader, verdict, head),
                ServerFrame::Heartbeat { cursor } => {
                    self.caught_up(reader, cursor);
                    // A response with nothing else had no reason to come so soon.
                    if next == Next::AskAtOnce {
                        next = Next::AskAgain;
                    }
                }
                bye @ ServerFrame::Bye { .. } => {
                    reader.frame(bye);
                    return Err(RequestFailed);
                }
                ServerFrame::Event(event) => {
                    // The response was cut after this one: the snapshot goes on from here like everything else.
                    self.ask.since = Some(event.cursor);
                    next = Next::AskAtOnce;
                    reader.frame(ServerFrame::Event(event));
                }
                other => reader.frame(other),
            }
        }
        if next == Next::AskAtOnce {
            self.ask.snapshot.clear();
        }
        Ok(next)
    }

    /// Returns the address of the next poll. The first one is answered at once, so that the page soon knows that the
    /// connection is open.
    fn address(&self) -> String {
        let mut address = format!("{}?{}", self.config.path, self.ask.query());
        if let Some(seconds) = self.config.wait {
            let seconds = if self.welcomed { seconds } else { 0 };
            address += &format!("&wait={seconds}");
        }
        address
    }

    /// Every answer begins with a welcome; the page has one line, and is welcomed once, unless something is gone.
    fn welcome(&mut self, reader: &Reader, verdict: Verdict, head: Cursor) {
        if !self.welcomed {
            reader.report(ClientEvent::Opened);
        } else if verdict != Verdict::Gap {
            return;
        }
        self.welcomed = true;
        reader.frame(ServerFrame::Welcome { verdict, head, heartbeat_ms: self.config.silence_ms });
    }

    fn caught_up(&mut self, reader: &Reader, cursor: Cursor) {
        self.ask.since = Some(cursor);
        self.ask.snapshot.clear();
        reader.frame(ServerFrame::Heartbeat { cursor });
    }
}
