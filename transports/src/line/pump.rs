//! From the log to the socket: takes from the session what the socket can carry, and no more.
//!
//! While a write is blocked nothing is taken, so a stalled reader costs one batch of shared slices; the log moves on
//! without it, and when it reads again it finds the newest values or is told of its gap.

use std::{
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use common::{
    api::ApiError,
    frame::{ByeReason, ClientFrame, ServerFrame},
};
use hub::{Batch, Delivery, Form, Progress, Session, Wake};
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::outbox::Outbox;
use crate::{
    gate::{Permit, Refusal},
    live::Live,
};

/// How one transport writes and reads on the line.
pub trait Dialect: Send + Unpin + 'static {
    /// The wire form of a publication.
    fn form(&self) -> &'static Form;
    /// The bytes of any other frame.
    fn frame(&self, frame: &ServerFrame) -> Bytes;
    /// What the peer's bytes mean.
    fn hear(&mut self, bytes: &[u8], heard: &mut Vec<Heard>);
    /// The last bytes of a connection that ends for this reason.
    fn farewell(&self, end: End) -> Bytes;
}

/// What a peer can say.
#[derive(Debug)]
pub enum Heard {
    /// A frame of the protocol.
    Frame(ClientFrame),
    /// Something the transport itself answers, with these bytes.
    Answer(Bytes),
    /// The connection is to end.
    End(End),
}

/// Why a connection ends, with the close code that says it where the transport has close codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The peer has left, or its line broke.
    Gone,
    /// The peer closed in an orderly way, with this code.
    Closed(Option<u16>),
    /// It broke a rule; the code says which.
    Broke(u16),
    /// The server ends it.
    Bye(ByeReason),
}

/// What a connection begins with.
pub struct Opening {
    /// The answer's head.
    pub head: Bytes,
    /// Bytes that were read past the request.
    pub early: Bytes,
    /// The connection's place among those that may come.
    pub permit: Permit,
}

/// What is taken from the log at once: enough to fill a socket's buffer, little enough to be all that a stalled
/// reader costs.
const BATCH: Batch = Batch { entries: 64, bytes: 32 * 1024 };
/// What the kernel may hold for one connection. Left to itself it holds megabytes for a reader that has stopped, all
/// of them stale.
const SEND_BUFFER: usize = 64 * 1024;
/// After this long without a word the kernel asks whether the peer is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// How long a peer may take to hear a farewell.
const LINGER: Duration = Duration::from_secs(2);
/// Answers beyond this wait until the peer reads: it cannot make the server hold more.
const ANSWERS: usize = 16 * 1024;

/// One live connection, running.
pub struct Pump<D> {
    io: TcpStream,
    session: Session,
    dialect: D,
    live: Live,
    outbox: Outbox,
    timer: Pin<Box<Sleep>>,
    /// When bytes last left.
    wrote_at: Instant,
    /// Whether the client knows its place without a heartbeat.
    placed: bool,
    ending: Option<End>,
    /// Whether the session was woken while a write was blocked.
    woken: bool,
    /// Whether the way out is closed.
    shut: bool,
    _permit: Permit,
}

impl<D: Dialect> Pump<D> {
    /// Runs a connection until it ends.
    pub async fn run(io: TcpStream, session: Session, dialect: D, live: Live, opening: Opening) {
        tune(&io);
        let now = Instant::now();
        let mut pump = Self {
            io,
            dialect,
            outbox: Outbox::default(),
            timer: Box::pin(sleep_until(now + live.pace.heartbeat)),
            wrote_at: now,
            placed: false,
            ending: None,
            woken: false,
            shut: false,
            _permit: opening.permit,
            session,
            live,
        };
        pump.outbox.push(opening.head);
        pump.welcome();
        pump.hear(&opening.early);
        let end = std::future::poll_fn(|cx| pump.poll(cx)).await;
        tracing::debug!(?end, "a live connection ended");
    }

    fn welcome(&mut self) {
        let heartbeat_ms = u64::try_from(self.live.pace.heartbeat.as_millis()).unwrap_or(u64::MAX);
        let welcome = ServerFrame::Welcome {
            verdict: self.session.verdict(),
            head: self.live.hub.head(),
            heartbeat_ms,
        };
        self.outbox.push(self.dialect.frame(&welcome));
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        loop {
            if !self.outbox.is_empty() {
                match self.outbox.poll_write(&mut self.io, cx) {
                    Poll::Ready(Ok(1..)) => {
                        self.wrote_at = Instant::now();
                        continue;
                    }
                    Poll::Ready(_) => return Poll::Ready(End::Gone),
                    Poll::Pending => {}
                }
            }
            if let Some(end) = self.ending {
                return self.poll_leave(end, cx);
            }
            if self.poll_session(cx).is_ready()
                || self.poll_peer(cx).is_ready()
                || self.poll_timer(cx).is_ready()
            {
                continue;
            }
            return Poll::Pending;
        }
    }

    /// Ready when something was put in the outbox or the session is over.
    fn poll_session(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let blocked = !self.outbox.is_empty();
        let wake = match self.session.poll_wake(cx) {
            Poll::Pending if self.woken && !blocked => Wake::Ready,
            Poll::Pending => return Poll::Pending,
            Poll::Ready(wake) => wake,
        };
        match wake {
            Wake::Ready if blocked => {
                self.woken = true;
                return Poll::Pending;
            }
            Wake::Ready => {
                self.woken = false;
                self.fill();
            }
            // It has not read what was sent before; it would not read this either.
            Wake::Bye(_) if blocked => self.end(End::Gone),
            Wake::Bye(bye) => {
                let frame = ServerFrame::Bye { reason: bye.reason, retry_ms: bye.retry_ms };
                self.outbox.push(self.dialect.frame(&frame));
                self.end(End::Bye(bye.reason));
            }
        }
        Poll::Ready(())
    }

    fn fill(&mut self) {
        let mut batch = Vec::new();
        let progress = self.session.take(BATCH, &mut batch);
        for delivery in batch {
            let bytes = match delivery {
                Delivery::Event(publication) => self.session.form(&publication, self.dialect.form()),
                Delivery::Gap(reason, topics) => self.dialect.frame(&ServerFrame::Gap { reason, topics }),
            };
            self.outbox.push(bytes);
        }
        if let (Progress::CaughtUp(cursor), false) = (progress, self.placed) {
            self.placed = true;
            self.outbox.push(self.dialect.frame(&ServerFrame::Heartbeat { cursor }));
        }
    }

    /// Ready when the peer said something.
    fn poll_peer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.outbox.bytes() > ANSWERS {
            return Poll::Pending;
        }
        let mut space = [MaybeUninit::uninit(); 4096];
        let mut buffer = ReadBuf::uninit(&mut space);
        match ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer)) {
            Ok(()) if !buffer.filled().is_empty() => self.hear(buffer.filled()),
            Ok(()) | Err(_) => self.end(End::Gone),
        }
        Poll::Ready(())
    }

    fn hear(&mut self, bytes: &[u8]) {
        let mut all = Vec::new();
        self.dialect.hear(bytes, &mut all);
        for heard in all {
            if self.ending.is_some() {
                return;
            }
            match heard {
                Heard::Frame(frame) => self.obey(frame),
                Heard::Answer(bytes) => self.outbox.push(bytes),
                Heard::End(end) => self.end(end),
            }
        }
    }

    fn obey(&mut self, frame: ClientFrame) {
        let answer = match frame {
            ClientFrame::Ping { id } => ServerFrame::Pong { id },
            ClientFrame::Unsubscribe { topics } => return self.session.unsubscribe(&topics),
            ClientFrame::Subscribe { topics, since, snapshot } => {
                match self.session.subscribe(&topics, since, snapshot) {
                    Ok(topics) => ServerFrame::Subscribed { topics },
                    Err(error) => {
                        let refusal = Refusal::from(error);
                        let ApiError { code, message } = refusal.error().clone();
                        ServerFrame::Error { code, message }
                    }
                }
            }
        };
        self.outbox.push(self.dialect.frame(&answer));
    }

    /// Ready when it is time to speak or to give up. The timer is not moved at every write: it looks, when it fires,
    /// at how long ago the last one was.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(self.timer.as_mut().poll(cx));
        let blocked = !self.outbox.is_empty();
        let patience = if blocked { self.live.admission.limits().stall } else { self.live.pace.heartbeat };
        if self.wrote_at.elapsed() >= patience {
            if blocked {
                self.end(End::Gone);
                return Poll::Ready(());
            }
            self.placed = false;
            self.fill();
        }
        let from = if self.wrote_at.elapsed() >= patience { Instant::now() } else { self.wrote_at };
        self.timer.as_mut().reset(from + patience);
        Poll::Ready(())
    }

    fn end(&mut self, end: End) {
        if end == End::Gone {
            self.outbox = Outbox::default();
        } else {
            self.outbox.push(self.dialect.farewell(end));
        }
        self.ending = Some(end);
        self.timer.as_mut().reset(Instant::now() + LINGER);
    }

    /// Writes what is left, closes the way out, and waits for the peer to close its own: a socket that is dropped with
    /// unread input resets the connection, and the peer may lose the last bytes.
    fn poll_leave(&mut self, end: End, cx: &mut Context<'_>) -> Poll<End> {
        if end == End::Gone || self.timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(end);
        }
        if !self.outbox.is_empty() {
            return Poll::Pending;
        }
        if !self.shut {
            self.shut = true;
            if ready!(Pin::new(&mut self.io).poll_shutdown(cx)).is_err() {
                return Poll::Ready(end);
            }
        }
        let mut space = [MaybeUninit::uninit(); 4096];
        loop {
            let mut unheard = ReadBuf::uninit(&mut space);
            match ready!(Pin::new(&mut self.io).poll_read(cx, &mut unheard)) {
                Ok(()) if !unheard.filled().is_empty() => {}
                Ok(()) | Err(_) => return Poll::Ready(end),
            }
        }
    }
}

/// A system that cannot do one of these still serves; it holds more for slow readers and notices dead ones later.
fn tune(io: &TcpStream) {
    let socket = SockRef::from(io);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE / 3);
    let tuned = socket.set_send_buffer_size(SEND_BUFFER).and_then(|()| socket.set_tcp_keepalive(&keepalive));
    if let Err(error) = tuned {
        tracing::debug!(%error, "a socket keeps its own settings");
    }
}
