//! A connection on long-polling, shared by the requests that carry it: at most one that waits to be told something and
//! one that brings something.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{
    application::{Application, End},
    carrier::{Carrier, Out},
    connection::Connection,
    packet::Packet,
};

/// A connection on long-polling.
pub(super) struct Session<A>(Mutex<Inner<A>>);

struct Inner<A> {
    state: State<A>,
    /// A request waits.
    asking: bool,
    /// When the last request was answered.
    asked_at: Instant,
    /// A request brings something.
    bringing: bool,
    probe: Probe,
    /// An answer has packets for the client, and it has not asked again: nobody knows whether they have arrived.
    in_flight: bool,
    /// Of the request that waits to be told something.
    asker: Option<Waker>,
    /// Of the WebSocket that waits until polling is quiet.
    prober: Option<Waker>,
    /// Of the request that waits until the answers to earlier ones are taken.
    bringer: Option<Waker>,
    /// Since when the application has wanted to end.
    over_since: Option<Instant>,
}

enum State<A> {
    Open(Connection<A>),
    /// It has ended and the client has not been told yet.
    /// The application's last words come first, in a body of their own: what stands in the same body as the end, the
    /// official client takes for events of its next connection.
    Ended(End),
    /// It goes on over a WebSocket.
    Upgraded,
}

#[derive(PartialEq, Eq)]
enum Probe {
    None,
    /// A WebSocket has come.
    Opened,
    /// It has asked. Nothing more is told on polling, so that the client has nothing to hear while it changes over:
    /// the official one forgets that it has heard what comes between its own close and the end of a change.
    Asked,
    /// It was answered; the client waits until its request is.
    Answered,
    /// It has gone. The client may not know yet, and end its change in the turn in which it hears the next body: so
    /// there is none until then.
    Failed {
        quiet_until: Instant,
    },
}

/// The session is not in the state that a request needs, or another request is on its way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Busy;

/// How long a session may take to tell its client that the application ends.
const LINGER: Duration = Duration::from_secs(2);
/// How long a client may take to notice that its WebSocket has gone.
const NOTICE: Duration = Duration::from_secs(1);

impl<A: Application> Session<A> {
    pub(super) fn new(connection: Connection<A>, now: Instant) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Inner {
            state: State::Open(connection),
            asking: false,
            asked_at: now,
            bringing: false,
            probe: Probe::None,
            in_flight: false,
            asker: None,
            prober: None,
            bringer: None,
            over_since: None,
        })))
    }

    /// A request comes to be told something. Two at once break the protocol, and end the session.
    pub(super) fn begin_asking(&self) -> Result<(), Busy> {
        let mut inner = self.0.lock();
        if inner.asking {
            inner.end(End::BAD);
            return Err(Busy);
        }
        inner.asking = true;
        // It asks again when it has read what it was told.
        inner.in_flight = false;
        if let Some(waker) = inner.prober.take() {
            waker.wake();
        }
        Ok(())
    }

    /// Ready with the body for the request that waits, and whether the session is over with it; else with the time to ask again.
    pub(super) fn poll_ask(&self, cx: &mut Context<'_>, now: Instant) -> Result<(Bytes, bool), Instant> {
        let mut guard = self.0.lock();
        let inner = &mut *guard;
        let mut out = Out::new(Carrier::Polling);
        let mut again_at = None;
        if let State::Open(connection) = &mut inner.state {
            match inner.probe {
                Probe::Answered => {
                    connection.tick(now);
                    if connection.ended().is_none() {
                        out.packet(&Packet::Noop);
                    }
                }
                Probe::Asked => {
                    connection.tick(now);
                    again_at = Some(now + NOTICE);
                }
                Probe::Failed { quiet_until } if now < quiet_until => {
                    connection.tick(now);
                    again_at = Some(quiet_until);
                }
                Probe::None | Probe::Opened | Probe::Failed { .. } => {
                    let polled = connection.poll_out(cx, now, &mut out);
                    debug_assert!(polled.is_pending() || !out.is_empty() || connection.ended().is_some());
                    inner.in_flight = !out.is_empty();
                }
            }
            if let Some(meter) = connection.meter() {
                out.show(meter);
            }
            again_at = again_at.or_else(|| Some(connection.deadline()));
            if let Some(end) = connection.ended() {
                inner.end(end);
            }
        }
        let mut over = false;
        match inner.state {
            State::Ended(end) if out.is_empty() => {
                over = true;
                // To the client's own close the answer is that nothing more comes.
                out.packet(if end == End::Closed { &Packet::Noop } else { &Packet::Close });
            }
            State::Upgraded => out.packet(&Packet::Noop),
            _ => {}
        }
        if out.is_empty() {
            inner.asker = Some(cx.waker().clone());
            return Err(again_at.unwrap_or(now));
        }
        inner.asking = false;
        inner.asked_at = now;
        inner.asker = None;
        if let Some(waker) = inner.bringer.take() {
            waker.wake();
        }
        let body = super::payload::join(&out.into_pieces());
        if let State::Open(connection) = &inner.state
            && let Some(meter) = connection.meter()
        {
            meter.wrote(body.len(), || 0);
        }
        Ok((body, over))
    }

    /// A request comes with something.
    pub(super) fn begin_bringing(&self) -> Result<(), Busy> {
        let mut inner = self.0.lock();
        if inner.bringing {
            inner.end(End::BAD);
        }
        if !matches!(inner.state, State::Open(_)) {
            return Err(Busy);
        }
        inner.bringing = true;
        Ok(())
    }

    /// Ready when the client has taken enough of the answers to earlier requests.
    pub(super) fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.0.lock();
        if let State::Open(connection) = &mut inner.state
            && connection.application().is_full()
        {
            inner.bringer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// What a request brought.
    pub(super) fn hear(&self, body: &str, now: Instant) -> Result<(), End> {
        let mut inner = self.0.lock();
        for packet in super::payload::read(body) {
            let State::Open(connection) = &mut inner.state else { break };
            match packet {
                Ok(packet) => connection.hear(packet, now),
                Err(_) => connection.end(End::BAD),
            }
            if let Some(end) = connection.ended() {
                inner.end(end);
            }
        }
        inner.wake_asker();
        match inner.state {
            State::Ended(End::Closed) | State::Open(_) | State::Upgraded => Ok(()),
            State::Ended(end) => Err(end),
        }
    }

    pub(super) fn end_bringing(&self) {
        self.0.lock().bringing = false;
    }

    /// Ends it; a request that waits is told so.
    pub(super) fn end(&self, end: End) {
        self.0.lock().end(end);
    }

    /// A WebSocket comes for this session.
    pub(super) fn begin_probe(&self) -> Result<(), Busy> {
        let mut inner = self.0.lock();
        match (&inner.state, &inner.probe) {
            (State::Open(_), Probe::None | Probe::Failed { .. }) => {
                inner.probe = Probe::Opened;
                Ok(())
            }
            _ => Err(Busy),
        }
    }

    /// It has asked whether it may take over.
    pub(super) fn hush(&self) {
        self.0.lock().probe = Probe::Asked;
    }

    /// Ready when the client has read all that it was told on polling.
    pub(super) fn poll_quiet(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.0.lock();
        if inner.in_flight && matches!(inner.state, State::Open(_)) {
            inner.prober = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// It was answered; the request that waits is let go, so that the client can change over.
    pub(super) fn probed(&self) {
        let mut inner = self.0.lock();
        inner.probe = Probe::Answered;
        inner.wake_asker();
    }

    /// It has gone, and the session stays where it was.
    pub(super) fn end_probe(&self, now: Instant) {
        let mut inner = self.0.lock();
        inner.probe = match inner.probe {
            Probe::None | Probe::Opened => Probe::None,
            _ => Probe::Failed { quiet_until: now + NOTICE },
        };
        inner.wake_asker();
    }

    /// The client has changed over: the connection leaves for the WebSocket.
    pub(super) fn upgrade(&self) -> Result<Connection<A>, Busy> {
        let mut inner = self.0.lock();
        if inner.probe != Probe::Answered || !matches!(inner.state, State::Open(_)) {
            return Err(Busy);
        }
        let State::Open(connection) = std::mem::replace(&mut inner.state, State::Upgraded) else {
            return Err(Busy);
        };
        inner.wake_asker();
        Ok(connection)
    }

    /// Whether it is of no more use: it has ended, or its client has not asked for `patience`.
    pub(super) fn is_stale(&self, now: Instant, patience: Duration) -> bool {
        let mut guard = self.0.lock();
        let inner = &mut *guard;
        let State::Open(connection) = &mut inner.state else {
            // The request that waits tells the end, or the next one; then the session is forgotten.
            return !inner.asking && now.saturating_duration_since(inner.asked_at) >= LINGER;
        };
        connection.tick(now);
        if !inner.asking {
            // A request that waits has a better waker than this one, and hears of it by itself.
            let over = connection.application().poll_over(&mut Context::from_waker(Waker::noop())).is_ready();
            if over {
                inner.over_since.get_or_insert(now);
            }
        }
        let absent = !inner.asking && now.saturating_duration_since(inner.asked_at) >= patience;
        let lingered = inner.over_since.is_some_and(|since| now.saturating_duration_since(since) >= LINGER);
        let expired = connection.application().expires_at().is_some_and(|at| now >= at);
        let ended = connection.ended().is_some() || (expired && !inner.asking);
        if ended || absent || lingered {
            inner.end(End::Silent);
        }
        absent || (ended && !inner.asking)
    }

    /// Whether a request may still name it. What the client closed itself is told once more to a request that was on
    /// its way, and the application's end to the request behind its last words.
    pub(super) fn is_known(&self, now: Instant) -> bool {
        let mut inner = self.0.lock();
        if let State::Open(connection) = &mut inner.state {
            connection.tick(now);
            if let Some(end) = connection.ended() {
                inner.end(end);
            }
        }
        matches!(inner.state, State::Open(_) | State::Ended(End::Closed | End::Over(_)))
    }
}

impl<A> Inner<A> {
    fn end(&mut self, end: End) {
        if matches!(self.state, State::Open(_)) {
            self.state = State::Ended(end);
            self.wake_asker();
            for waker in [self.bringer.take(), self.prober.take()].into_iter().flatten() {
                waker.wake();
            }
        }
    }

    fn wake_asker(&mut self) {
        if let Some(waker) = self.asker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests;
