//! The upgrade from long-polling to a WebSocket while messages flow: the client asks on the WebSocket (`2probe`,
//! `3probe`), the poll under way is ended (`6`), and with `5` the connection moves to the WebSocket.
//!
//! Nothing is lost on the way, because nothing is coded before there is a carrier that can write it.
//!
//! The client gets `3probe` only when it has read everything that was sent on polling, which its next poll shows, and
//! until the upgrade nothing more is sent there. Otherwise `3probe` may overtake a body with events, and the official
//! client ends the upgrade in the turn in which it reads that body. If it was told to close meanwhile, it closes in
//! the same turn: it sets the events aside, does not move its offset, and handles them twice when it is back.

use std::{collections::VecDeque, future::poll_fn, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout},
};

use super::{
    application::{DisconnectReason, EngineApplication},
    carrier::Carrier,
    packet::EnginePacket,
    session::{Busy, Session},
    session_table::{SessionLookup, SessionTable},
    websocket::{self, Terms, WebSocketConnection},
};
use crate::{
    conn::Socket,
    websocket::{
        decode::{FrameDecoder, WebSocketMessage},
        wire::{self, Opcode},
    },
};

/// A WebSocket that has come for a session. Dropped before the change, it leaves the session as it was.
pub(super) struct Probe<A: EngineApplication> {
    sid: String,
    session: Arc<Session<A>>,
    sessions: Arc<SessionTable<A>>,
}

impl<A: EngineApplication> Probe<A> {
    /// Begins a probe. There is one at a time, and none after an upgrade.
    pub(super) fn begin(
        sid: String,
        found: SessionLookup<A>,
        sessions: &Arc<SessionTable<A>>,
    ) -> Option<Self> {
        let SessionLookup::Session(session) = found else { return None };
        session.begin_probe().ok()?;
        Some(Self { sid, session, sessions: Arc::clone(sessions) })
    }
}

impl<A: EngineApplication> Drop for Probe<A> {
    fn drop(&mut self) {
        self.session.end_probe(Instant::now());
    }
}

/// Takes the session over, if the client asks for it in time.
pub(super) async fn run<A: EngineApplication>(
    mut io: Socket,
    head: Bytes,
    probe: Probe<A>,
    terms: Terms,
    patience: Duration,
) {
    let mut reader = ProbeReader { decoder: FrameDecoder::new(terms.longest), heard: VecDeque::new() };
    let changed = timeout(patience, async {
        io.write_all(&head).await.map_err(|_| DisconnectReason::Gone)?;
        expect(&mut io, &mut reader, &EnginePacket::Ping("probe".into())).await?;
        probe.session.pause_polling();
        quiet(&mut io, &mut reader, &probe.session).await?;
        let answer = Carrier::WebSocket.encode(&EnginePacket::Pong("probe".into()));
        io.write_all(&answer).await.map_err(|_| DisconnectReason::Gone)?;
        probe.session.probed();
        expect(&mut io, &mut reader, &EnginePacket::Upgrade).await?;
        probe.session.upgrade().map_err(|Busy| DisconnectReason::BAD)
    });
    match changed.await.unwrap_or(Err(DisconnectReason::Silent)) {
        Ok(connection) => {
            let _known = probe.sessions.upgrade(probe.sid.clone());
            drop(probe);
            let ProbeReader { decoder, heard } = reader;
            WebSocketConnection::new(io, connection, decoder, terms).run(Bytes::new(), heard).await;
        }
        Err(end) => {
            drop(probe);
            tracing::debug!(?end, "a connection was not upgraded");
            crate::conn::linger_close_websocket(io, wire::close(end.code())).await;
        }
    }
}

struct ProbeReader {
    decoder: FrameDecoder,
    /// The messages behind the packet that was waited for.
    heard: VecDeque<WebSocketMessage>,
}

impl ProbeReader {
    fn on_bytes(&mut self, bytes: &[u8]) -> Result<(), DisconnectReason> {
        let heard = &mut self.heard;
        let read = self.decoder.read(bytes, |message| {
            heard.push_back(message);
            Ok(())
        });
        read.map_err(|broken| DisconnectReason::Broke(broken.0))
    }
}

/// Waits for this packet, and for no other.
async fn expect(
    io: &mut Socket,
    reader: &mut ProbeReader,
    expected: &EnginePacket,
) -> Result<(), DisconnectReason> {
    loop {
        if let Some(packet) = next(io, reader).await? {
            return if packet == *expected { Ok(()) } else { Err(DisconnectReason::BAD) };
        }
        read(io, reader).await?;
    }
}

/// Waits until the client has read what was sent on polling. It sends nothing meanwhile, but it may go.
async fn quiet<A: EngineApplication>(
    io: &mut Socket,
    reader: &mut ProbeReader,
    session: &Session<A>,
) -> Result<(), DisconnectReason> {
    let mut quiet = pin!(poll_fn(|cx| session.poll_drained(cx)));
    loop {
        if next(io, reader).await?.is_some() {
            return Err(DisconnectReason::BAD);
        }
        tokio::select! {
            biased;
            () = &mut quiet => return Ok(()),
            heard = read(io, reader) => heard?,
        }
    }
}

/// A packet of those that have come, if there is one.
async fn next(io: &mut Socket, reader: &mut ProbeReader) -> Result<Option<EnginePacket>, DisconnectReason> {
    while let Some(message) = reader.heard.pop_front() {
        match message {
            WebSocketMessage::Ping(payload) => {
                let pong = wire::whole(Opcode::Pong, &payload);
                io.write_all(&pong).await.map_err(|_| DisconnectReason::Gone)?;
            }
            WebSocketMessage::Pong | WebSocketMessage::Piece => {}
            WebSocketMessage::Close(code) => return Err(DisconnectReason::Left(code)),
            message => return websocket::to_packet(message).map(Some),
        }
    }
    Ok(None)
}

async fn read(io: &mut Socket, reader: &mut ProbeReader) -> Result<(), DisconnectReason> {
    let mut bytes = [0; 1024];
    match io.read(&mut bytes).await {
        Ok(read @ 1..) => reader.on_bytes(&bytes[..read]),
        _ => Err(DisconnectReason::Gone),
    }
}
