//! From long-polling to a WebSocket while messages flow: the client asks over the new line (`2probe`, `3probe`), the
//! request that waits on the old one is let go (`6`), and with `5` the connection leaves for the new line.
//!
//! Nothing is lost on the way, because nothing is coded before there is a carrier that can write it.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
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
        self.session.end_probe();
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
            crate::line::leave(io, wire::close(end.code())).await;
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

async fn expect(io: &mut Socket, ears: &mut Ears, expected: &Packet) -> Result<(), End> {
    loop {
        while let Some(message) = ears.heard.pop_front() {
            match message {
                Message::Ping(payload) => {
                    let pong = wire::whole(Opcode::Pong, &payload);
                    io.write_all(&pong).await.map_err(|_| End::Gone)?;
                }
                Message::Pong | Message::Piece => {}
                Message::Close(code) => return Err(End::Left(code)),
                message => {
                    return match websocket::understand(message)? {
                        packet if packet == *expected => Ok(()),
                        _ => Err(End::BAD),
                    };
                }
            }
        }
        let mut bytes = [0; 1024];
        match io.read(&mut bytes).await {
            Ok(read @ 1..) => ears.hear(&bytes[..read])?,
            _ => return Err(End::Gone),
        }
    }
}
