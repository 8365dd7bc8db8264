//! A session on long-polling, shared by the requests that carry it: at most one poll and one POST.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{
    application::{DisconnectReason, EngineApplication},
    carrier::{Carrier, Out},
    connection::Connection,
    packet::EnginePacket,
};

/// A connection on long-polling.
pub(super) struct Session<A>(Mutex<SessionInner<A>>);

struct SessionInner<A> {
    state: SessionState<A>,
    /// A request waits.
    polling: bool,
    /// The time at which the last poll was answered.
    asked_at: Instant,
    /// A request brings something.
    posting: bool,
    probe: ProbeState,
    /// A response with packets is on its way, and the client has not polled again: nobody knows whether they have
    /// arrived.
    in_flight: bool,
    /// The waker of the poll under way.
    poll_waker: Option<Waker>,
    /// The waker of the WebSocket that waits until polling is quiet.
    probe_waker: Option<Waker>,
    /// The waker of the POST that waits until the answers to earlier ones are taken.
    post_waker: Option<Waker>,
    /// Since when the application has wanted to end.
    over_since: Option<Instant>,
}

enum SessionState<A> {
    Open(Connection<A>),
    /// The session has ended and the client has not been told yet. The application's last messages come first, in a
    /// body of their own: the official client takes what stands in the same body as the end for events of its next
    /// connection.
    Ended(DisconnectReason),
    /// The session goes on over a WebSocket.
    Upgraded,
}

#[derive(PartialEq, Eq)]
enum ProbeState {
    None,
    /// A WebSocket has come.
    Opened,
    /// The WebSocket has sent its probe. Nothing more is sent on polling, so that the client has nothing to read
    /// during the upgrade: the official client loses events that come between its own close and the end of an
    /// upgrade.
    Asked,
    /// The probe was answered; the client waits until its poll is.
    Answered,
    /// The WebSocket has gone. The client may not know yet, and end its upgrade in the turn in which it reads the
    /// next body, so there is none until then.
    Failed {
        quiet_until: Instant,
    },
}

/// The session is not in the state that a request needs, or another request is on its way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Busy;

/// The time within which a session tells its client that the application ends.
const LINGER: Duration = Duration::from_secs(2);
/// The time within which a client notices that its WebSocket has gone.
const NOTICE: Duration = Duration::from_secs(1);

impl<A: EngineApplication> Session<A> {
    pub(super) fn new(connection: Connection<A>, now: Instant) -> Arc<Self> {
        Arc::new(Self(Mutex::new(SessionInner {
            state: SessionState::Open(connection),
            polling: false,
            asked_at: now,
            posting: false,
            probe: ProbeState::None,
            in_flight: false,
            poll_waker: None,
            probe_waker: None,
            post_waker: None,
            over_since: None,
        })))
    }

    /// Begins a poll. Two at once break the protocol, and end the session.
    pub(super) fn begin_poll(&self) -> Result<(), Busy> {
        let mut inner = self.0.lock();
        if inner.polling {
            inner.end(DisconnectReason::BAD);
            return Err(Busy);
        }
        inner.polling = true;
        // The client polls again when it has read the last response.
        inner.in_flight = false;
        if let Some(waker) = inner.probe_waker.take() {
            waker.wake();
        }
        Ok(())
    }

    /// Ready with the body for the request that waits, and whether the session is over with it; else with the time to ask again.
    pub(super) fn poll_body(&self, cx: &mut Context<'_>, now: Instant) -> Result<(Bytes, bool), Instant> {
        let mut guard = self.0.lock();
        let inner = &mut *guard;
        let mut out = Out::new(Carrier::Polling);
        let mut again_at = None;
        if let SessionState::Open(connection) = &mut inner.state {
            match inner.probe {
                ProbeState::Answered => {
                    connection.tick(now);
                    if connection.ended().is_none() {
                        out.packet(&EnginePacket::Noop);
                    }
                }
                ProbeState::Asked => {
                    connection.tick(now);
                    again_at = Some(now + NOTICE);
                }
                ProbeState::Failed { quiet_until } if now < quiet_until => {
                    connection.tick(now);
                    again_at = Some(quiet_until);
                }
                ProbeState::None | ProbeState::Opened | ProbeState::Failed { .. } => {
                    let polled = connection.poll_out(cx, now, &mut out);
                    debug_assert!(polled.is_pending() || !out.is_empty() || connection.ended().is_some());
                    inner.in_flight = !out.is_empty();
                }
            }
            if let Some(stats) = connection.stats() {
                out.trace(stats);
            }
            again_at = again_at.or_else(|| Some(connection.deadline()));
            if let Some(end) = connection.ended() {
                inner.end(end);
            }
        }
        let mut over = false;
        match inner.state {
            SessionState::Ended(end) if out.is_empty() => {
                over = true;
                // To the client's own close the answer is that nothing more comes.
                out.packet(if end == DisconnectReason::Closed {
                    &EnginePacket::Noop
                } else {
                    &EnginePacket::Close
                });
            }
            SessionState::Upgraded => out.packet(&EnginePacket::Noop),
            _ => {}
        }
        if out.is_empty() {
            inner.poll_waker = Some(cx.waker().clone());
            return Err(again_at.unwrap_or(now));
        }
        inner.polling = false;
        inner.asked_at = now;
        inner.poll_waker = None;
        if let Some(waker) = inner.post_waker.take() {
            waker.wake();
        }
        let body = super::payload::join(&out.into_pieces());
        if let SessionState::Open(connection) = &inner.state
            && let Some(stats) = connection.stats()
        {
            stats.record_written(body.len(), || 0);
        }
        Ok((body, over))
    }

    /// A request comes with something.
    pub(super) fn begin_post(&self) -> Result<(), Busy> {
        let mut inner = self.0.lock();
        if inner.posting {
            inner.end(DisconnectReason::BAD);
        }
        if !matches!(inner.state, SessionState::Open(_)) {
            return Err(Busy);
        }
        inner.posting = true;
        Ok(())
    }

    /// Ready when the client has taken enough of the answers to earlier requests.
    pub(super) fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.0.lock();
        if let SessionState::Open(connection) = &mut inner.state
            && connection.application().is_full()
        {
            inner.post_waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Handles the body of a POST.
    pub(super) fn on_payload(&self, body: &str, now: Instant) -> Result<(), DisconnectReason> {
        let mut inner = self.0.lock();
        for packet in super::payload::read(body) {
            let SessionState::Open(connection) = &mut inner.state else { break };
            match packet {
                Ok(packet) => connection.on_packet(packet, now),
                Err(_) => connection.end(DisconnectReason::BAD),
            }
            if let Some(end) = connection.ended() {
                inner.end(end);
            }
        }
        inner.wake_poll();
        match inner.state {
            SessionState::Ended(DisconnectReason::Closed)
            | SessionState::Open(_)
            | SessionState::Upgraded => Ok(()),
            SessionState::Ended(end) => Err(end),
        }
    }

    pub(super) fn end_post(&self) {
        self.0.lock().posting = false;
    }

    /// Ends the session; a poll under way gets the end.
    pub(super) fn end(&self, end: DisconnectReason) {
        self.0.lock().end(end);
    }

    /// A WebSocket comes for this session.
    pub(super) fn begin_probe(&self) -> Result<(), Busy> {
        let mut inner = self.0.lock();
        match (&inner.state, &inner.probe) {
            (SessionState::Open(_), ProbeState::None | ProbeState::Failed { .. }) => {
                inner.probe = ProbeState::Opened;
                Ok(())
            }
            _ => Err(Busy),
        }
    }

    /// Pauses polling: the WebSocket has asked whether it may take over.
    pub(super) fn pause_polling(&self) {
        self.0.lock().probe = ProbeState::Asked;
    }

    /// Ready when the client has read all that was sent on polling.
    pub(super) fn poll_drained(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.0.lock();
        if inner.in_flight && matches!(inner.state, SessionState::Open(_)) {
            inner.probe_waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Records that the probe was answered, and ends the poll under way so that the client can upgrade.
    pub(super) fn probed(&self) {
        let mut inner = self.0.lock();
        inner.probe = ProbeState::Answered;
        inner.wake_poll();
    }

    /// Ends the probe: the WebSocket has gone, and the session stays where it was.
    pub(super) fn end_probe(&self, now: Instant) {
        let mut inner = self.0.lock();
        inner.probe = match inner.probe {
            ProbeState::None | ProbeState::Opened => ProbeState::None,
            _ => ProbeState::Failed { quiet_until: now + NOTICE },
        };
        inner.wake_poll();
    }

    /// The client has changed over: the connection leaves for the WebSocket.
    pub(super) fn upgrade(&self) -> Result<Connection<A>, Busy> {
        let mut inner = self.0.lock();
        if inner.probe != ProbeState::Answered || !matches!(inner.state, SessionState::Open(_)) {
            return Err(Busy);
        }
        let SessionState::Open(connection) = std::mem::replace(&mut inner.state, SessionState::Upgraded)
        else {
            return Err(Busy);
        };
        inner.wake_poll();
        Ok(connection)
    }

    /// Reports that the session is of no more use: it has ended, or its client has not polled for `patience`.
    pub(super) fn is_stale(&self, now: Instant, patience: Duration) -> bool {
        let mut guard = self.0.lock();
        let inner = &mut *guard;
        let SessionState::Open(connection) = &mut inner.state else {
            // The request that waits tells the end, or the next one; then the session is forgotten.
            return !inner.polling && now.saturating_duration_since(inner.asked_at) >= LINGER;
        };
        connection.tick(now);
        if !inner.polling {
            // A poll under way has a better waker than this one, and finds the end by itself.
            let over =
                connection.application().poll_closing(&mut Context::from_waker(Waker::noop())).is_ready();
            if over {
                inner.over_since.get_or_insert(now);
            }
        }
        let absent = !inner.polling && now.saturating_duration_since(inner.asked_at) >= patience;
        let lingered = inner.over_since.is_some_and(|since| now.saturating_duration_since(since) >= LINGER);
        let expired = connection.application().expires_at().is_some_and(|at| now >= at);
        let ended = connection.ended().is_some() || (expired && !inner.polling);
        if ended || absent || lingered {
            inner.end(DisconnectReason::Silent);
        }
        absent || (ended && !inner.polling)
    }

    /// Reports that a request may still name the session. A client that closed is told so once more if a request was
    /// on its way, and the application's end goes to the poll behind its last messages.
    pub(super) fn is_known(&self, now: Instant) -> bool {
        let mut inner = self.0.lock();
        if let SessionState::Open(connection) = &mut inner.state {
            connection.tick(now);
            if let Some(end) = connection.ended() {
                inner.end(end);
            }
        }
        matches!(
            inner.state,
            SessionState::Open(_) | SessionState::Ended(DisconnectReason::Closed | DisconnectReason::Over(_))
        )
    }
}

impl<A> SessionInner<A> {
    fn end(&mut self, end: DisconnectReason) {
        if matches!(self.state, SessionState::Open(_)) {
            self.state = SessionState::Ended(end);
            self.wake_poll();
            for waker in [self.post_waker.take(), self.probe_waker.take()].into_iter().flatten() {
                waker.wake();
            }
        }
    }

    fn wake_poll(&mut self) {
        if let Some(waker) = self.poll_waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests;
