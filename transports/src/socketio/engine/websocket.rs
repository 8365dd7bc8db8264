//! The carrier without requests: a packet is a frame. The connection lives on this line alone, so it needs no lock.

use std::{
    collections::VecDeque,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use common::close;
use tokio::{
    io::{AsyncRead, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::{
    application::{DisconnectReason, EngineApplication},
    carrier::{Carrier, Out},
    connection::Connection,
    packet::{self, EnginePacket},
};
use crate::{
    conn::{LINGER, Outbox, Socket, ends_with_close, poll_linger_close, poll_read_until, set_socket_options},
    websocket::{
        decode::{FrameDecoder, WebSocketMessage},
        wire::{self, Opcode},
    },
};

/// Answers to WebSocket pings beyond this wait until the peer reads, bytes.
const ANSWERS: usize = 16 * 1024;

/// The limits of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// The longest message, bytes; 0 for no limit.
    pub(super) longest: usize,
    /// The time without a successful write after which the peer is given up.
    pub(super) stall: Duration,
}

/// A connection on its WebSocket.
pub(super) struct WebSocketConnection<A: EngineApplication> {
    io: Socket,
    connection: Connection<A>,
    decoder: FrameDecoder,
    terms: Terms,
    outbox: Outbox,
    timer: Pin<Box<Sleep>>,
    /// The time at which bytes last left, or last began to wait.
    wrote_at: Instant,
    /// The peer has kept bytes waiting.
    blocked: bool,
    /// The application's end has begun to count.
    over: bool,
    /// The time since which the connection has been ending, and the reason.
    ending: Option<(Instant, DisconnectReason)>,
    /// The peer has yet to answer our close frame.
    awaits_close: bool,
    /// Our half is closed.
    shut: bool,
}

impl<A: EngineApplication> WebSocketConnection<A> {
    pub(super) fn new(io: Socket, connection: Connection<A>, decoder: FrameDecoder, terms: Terms) -> Self {
        set_socket_options(&io);
        let now = Instant::now();
        let timer = Box::pin(sleep_until(connection.deadline()));
        Self {
            io,
            connection,
            decoder,
            terms,
            outbox: Outbox::default(),
            timer,
            wrote_at: now,
            blocked: false,
            over: false,
            ending: None,
            awaits_close: false,
            shut: false,
        }
    }

    /// Runs until the connection ends. `first` is written first; `heard` came in before.
    pub(super) async fn run(mut self, first: Bytes, heard: VecDeque<WebSocketMessage>) {
        self.outbox.push(first);
        for message in heard {
            self.handle_message(message);
        }
        let end = std::future::poll_fn(|cx| self.poll(cx)).await;
        tracing::debug!(?end, "an Engine.IO connection ended");
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<DisconnectReason> {
        loop {
            if !self.outbox.is_empty() {
                match self.outbox.poll_write(&mut self.io, cx) {
                    Poll::Ready(Ok(written @ 1..)) => {
                        if let Some(stats) = self.connection.stats() {
                            stats.record_written(written, || self.outbox.bytes());
                        }
                        self.wrote_at = Instant::now();
                        if self.outbox.is_empty() && std::mem::take(&mut self.blocked) {
                            self.connection.unblocked(self.wrote_at);
                        }
                        continue;
                    }
                    Poll::Ready(_) => return Poll::Ready(DisconnectReason::Gone),
                    Poll::Pending => {
                        self.blocked = true;
                        if let Some(stats) = self.connection.stats() {
                            stats.record_waiting(self.outbox.bytes());
                        }
                    }
                }
            }
            if let Some((since, end)) = self.ending {
                return self.poll_leave(since, end, cx);
            }
            if self.poll_connection(cx).is_ready()
                || self.poll_peer(cx).is_ready()
                || self.poll_timer(cx).is_ready()
            {
                continue;
            }
            return Poll::Pending;
        }
    }

    /// Ready when something was put in the outbox or the connection has ended.
    fn poll_connection(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.outbox.is_empty() {
            if !self.over && self.connection.application().poll_closing(cx).is_ready() {
                // The peer has so long to take what is in the way.
                self.over = true;
                self.terms.stall = self.terms.stall.min(LINGER);
                return Poll::Ready(());
            }
            return Poll::Pending;
        }
        let now = Instant::now();
        let mut out = Out::new(Carrier::WebSocket);
        ready!(self.connection.poll_out(cx, now, &mut out));
        self.wrote_at = now;
        if let Some(stats) = self.connection.stats() {
            out.trace(stats);
        }
        for piece in out.into_pieces() {
            self.outbox.push(piece);
        }
        if let Some(end) = self.connection.ended() {
            self.end(end);
        }
        Poll::Ready(())
    }

    /// Ready when the peer said something.
    fn poll_peer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.outbox.bytes() > ANSWERS || self.connection.application().is_full() {
            return Poll::Pending;
        }
        let mut space = [MaybeUninit::uninit(); 4096];
        let mut buffer = ReadBuf::uninit(&mut space);
        match ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer)) {
            Ok(()) if !buffer.filled().is_empty() => self.on_bytes(buffer.filled()),
            Ok(()) | Err(_) => self.end(DisconnectReason::Gone),
        }
        Poll::Ready(())
    }

    fn on_bytes(&mut self, bytes: &[u8]) {
        let mut messages = Vec::new();
        let outcome = self.decoder.read(bytes, |message| {
            messages.push(message);
            Ok(())
        });
        for message in messages {
            self.handle_message(message);
        }
        if let Err(broken) = outcome {
            self.end(DisconnectReason::Broke(broken.0));
        }
    }

    fn handle_message(&mut self, message: WebSocketMessage) {
        if self.ending.is_some() {
            return;
        }
        match message {
            // They count as nothing, so that a flood of them must count as something.
            WebSocketMessage::Ping(payload) => {
                self.outbox.push(wire::whole(Opcode::Pong, &payload));
                self.connection.on_packet(EnginePacket::Noop, Instant::now());
            }
            WebSocketMessage::Pong | WebSocketMessage::Piece => {
                self.connection.on_packet(EnginePacket::Noop, Instant::now());
            }
            WebSocketMessage::Close(code) => self.connection.end(DisconnectReason::Left(code)),
            message => match to_packet(message) {
                Ok(packet) => self.connection.on_packet(packet, Instant::now()),
                Err(end) => self.connection.end(end),
            },
        }
        if let Some(end) = self.connection.ended() {
            self.end(end);
        }
    }

    /// Ready when it is time to ask for more or to give up.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let blocked = !self.outbox.is_empty();
        let due = if blocked { self.wrote_at + self.terms.stall } else { self.connection.deadline() };
        // It is not moved at every write: where it fires too early, it looks at when it is truly due.
        if due < self.timer.deadline() {
            self.timer.as_mut().reset(due);
        }
        ready!(self.timer.as_mut().poll(cx));
        if Instant::now() < due {
            self.timer.as_mut().reset(due);
        } else if blocked {
            self.end(DisconnectReason::Gone);
        }
        Poll::Ready(())
    }

    fn end(&mut self, end: DisconnectReason) {
        if self.ending.is_some() {
            return;
        }
        match end {
            DisconnectReason::Gone => self.outbox = Outbox::default(),
            end => {
                self.outbox.push(wire::close(end.code()));
                self.awaits_close = !matches!(end, DisconnectReason::Left(_));
            }
        }
        self.connection.end(end);
        let now = Instant::now();
        self.ending = Some((now, end));
        self.timer.as_mut().reset(now + LINGER);
    }

    /// Writes what is left and hangs up.
    fn poll_leave(
        &mut self,
        since: Instant,
        end: DisconnectReason,
        cx: &mut Context<'_>,
    ) -> Poll<DisconnectReason> {
        let given_up = self.timer.as_mut().poll(cx).is_ready() && since.elapsed() >= LINGER;
        if end == DisconnectReason::Gone || given_up {
            return Poll::Ready(end);
        }
        if !self.outbox.is_empty() {
            return Poll::Pending;
        }
        if self.awaits_close {
            ready!(poll_read_until(&mut self.io, cx, ends_with_close));
            self.awaits_close = false;
        }
        ready!(poll_linger_close(&mut self.io, &mut self.shut, cx));
        Poll::Ready(end)
    }
}

/// A frame as a packet.
pub(super) fn to_packet(message: WebSocketMessage) -> Result<EnginePacket, DisconnectReason> {
    match message {
        WebSocketMessage::Text(text) => EnginePacket::from_text(text).map_err(|_| DisconnectReason::BAD),
        WebSocketMessage::Binary(bytes) => Ok(EnginePacket::Message(packet::Message::Binary(bytes.into()))),
        _ => Err(DisconnectReason::Broke(close::PROTOCOL)),
    }
}
