//! From long-polling to a WebSocket while messages flow: the client asks over the new line (`2probe`, `3probe`), the
//! request that waits on the old one is let go (`6`), and with `5` the connection leaves for the new line.
//!
//! Nothing is lost on the way, because nothing is coded before there is a carrier that can write it.
//!
//! The client is told `3probe` only when it has read everything that it was told on polling, which its next request
//! shows, and until the change it is told nothing more there. Else `3probe` may overtake an answer with events, and the official
//! client ends the change in the turn in which it reads that answer. If it was told to close meanwhile, it closes in the same turn: it sets
//! the events aside, does not move its offset, and hears them twice when it is back.

use std::{collections::VecDeque, future::poll_fn, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout},
};

use super::{
    application::{Application, End},
    carrier::Carrier,
    packet::Packet,
    session::{Busy, Session},
    sids::{Found, Sids},
    websocket::{self, Line, Terms},
};
use crate::{
    line::Socket,
    websocket::{
        decode::{Decoder, Message},
        wire::{self, Opcode},
    },
};

/// A WebSocket that has come for a session. Dropped before the change, it leaves the session as it was.
pub(super) struct Probe<A: Application> {
    sid: String,
    session: Arc<Session<A>>,
    sids: Arc<Sids<A>>,
}

impl<A: Application> Probe<A> {
    /// There is one at a time, and none once it was taken.
    pub(super) fn begin(sid: String, found: Found<A>, sids: &Arc<Sids<A>>) -> Option<Self> {
        let Found::Session(session) = found else { return None };
        session.begin_probe().ok()?;
        Some(Self { sid, session, sids: Arc::clone(sids) })
    }
}

impl<A: Application> Drop for Probe<A> {
    fn drop(&mut self) {
        self.session.end_probe(Instant::now());
    }
}

/// Takes the session over, if the client asks for it in time.
pub(super) async fn run<A: Application>(
    mut io: Socket,
    head: Bytes,
    probe: Probe<A>,
    terms: Terms,
    patience: Duration,
) {
    let mut ears = Ears { decoder: Decoder::new(terms.longest), heard: VecDeque::new() };
    let changed = timeout(patience, async {
        io.write_all(&head).await.map_err(|_| End::Gone)?;
        expect(&mut io, &mut ears, &Packet::Ping("probe".into())).await?;
        probe.session.hush();
        quiet(&mut io, &mut ears, &probe.session).await?;
        let answer = Carrier::WebSocket.code(&Packet::Pong("probe".into()));
        io.write_all(&answer).await.map_err(|_| End::Gone)?;
        probe.session.probed();
        expect(&mut io, &mut ears, &Packet::Upgrade).await?;
        probe.session.upgrade().map_err(|Busy| End::BAD)
    });
    match changed.await.unwrap_or(Err(End::Silent)) {
        Ok(connection) => {
            let _known = probe.sids.upgrade(probe.sid.clone());
            drop(probe);
            let Ears { decoder, heard } = ears;
            Line::new(io, connection, decoder, terms).run(Bytes::new(), heard).await;
        }
        Err(end) => {
            drop(probe);
            tracing::debug!(?end, "a connection was not upgraded");
            crate::line::leave_websocket(io, wire::close(end.code())).await;
        }
    }
}

struct Ears {
    decoder: Decoder,
    /// What came behind the packet that was waited for.
    heard: VecDeque<Message>,
}

impl Ears {
    fn hear(&mut self, bytes: &[u8]) -> Result<(), End> {
        let heard = &mut self.heard;
        let read = self.decoder.read(bytes, |message| {
            heard.push_back(message);
            Ok(())
        });
        read.map_err(|broken| End::Broke(broken.0))
    }
}

/// Waits for this packet, and for no other.
async fn expect(io: &mut Socket, ears: &mut Ears, expected: &Packet) -> Result<(), End> {
    loop {
        if let Some(packet) = next(io, ears).await? {
            return if packet == *expected { Ok(()) } else { Err(End::BAD) };
        }
        read(io, ears).await?;
    }
}

/// Until the client has read what it was told on polling. It says nothing meanwhile, but it may go.
async fn quiet<A: Application>(io: &mut Socket, ears: &mut Ears, session: &Session<A>) -> Result<(), End> {
    let mut quiet = pin!(poll_fn(|cx| session.poll_quiet(cx)));
    loop {
        if next(io, ears).await?.is_some() {
            return Err(End::BAD);
        }
        tokio::select! {
            biased;
            () = &mut quiet => return Ok(()),
            heard = read(io, ears) => heard?,
        }
    }
}

/// A packet of those that have come, if there is one.
async fn next(io: &mut Socket, ears: &mut Ears) -> Result<Option<Packet>, End> {
    while let Some(message) = ears.heard.pop_front() {
        match message {
            Message::Ping(payload) => {
                let pong = wire::whole(Opcode::Pong, &payload);
                io.write_all(&pong).await.map_err(|_| End::Gone)?;
            }
            Message::Pong | Message::Piece => {}
            Message::Close(code) => return Err(End::Left(code)),
            message => return websocket::understand(message).map(Some),
        }
    }
    Ok(None)
}

async fn read(io: &mut Socket, ears: &mut Ears) -> Result<(), End> {
    let mut bytes = [0; 1024];
    match io.read(&mut bytes).await {
        Ok(read @ 1..) => ears.hear(&bytes[..read]),
        _ => Err(End::Gone),
    }
}
