//! The pump of a live connection, and its backpressure: it takes from the subscription what the socket can carry, and no more.
//!
//! While a write is blocked nothing is taken, so a slow or stalled reader costs one batch of shared slices; the log moves on
//! without it, and when it reads again it finds the newest values or is told of its gap.

mod shared;

use std::{
    collections::VecDeque,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use common::frame::{ByeReason, ClientFrame, ServerFrame};
use fanout::{Batch, Delivery, Disconnect, Progress, Subscription, Wake};
use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncRead, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::{
    framer::{CloseReason, Framer, Incoming},
    linger_close::{LINGER, poll_linger_close, poll_read_until},
    liveness::{Liveness, LivenessAction},
    outbox::Outbox,
    socket::Socket,
};
use crate::{
    connections::{of_frame, of_publication},
    gate::{Permit, readable},
    live::Live,
};

/// The entries that are taken from the log at once: enough to fill a socket's buffer, and few enough to be all that a
/// stalled reader costs.
pub(crate) const BATCH: Batch = Batch { entries: 64, bytes: 32 * 1024 };
/// Room for so many deliveries is kept by an idle connection.
const KEPT: usize = 4;
/// The time after which a renewed connection is opened again, milliseconds: at once, but not in a circle.
const RENEW_MS: u64 = 100;
/// Answers beyond this wait until the peer reads: it cannot make the server hold more.
const ANSWERS: usize = 16 * 1024;

/// One live connection, running.
pub struct Pump<D> {
    io: Socket,
    subscription: Subscription,
    framer: D,
    live: Live,
    outbox: Outbox,
    /// Empty between two turns; kept so that a delivery allocates nothing.
    taken: Vec<Delivery>,
    timer: Pin<Box<Sleep>>,
    /// The received frames that are not handled yet: they wait while a message is on its way to the handler.
    queue: VecDeque<Incoming>,
    /// A message on its way up; until it has arrived nothing more is read, so messages stay in order.
    sending: Option<BoxFuture<'static, ServerFrame>>,
    /// The time at which bytes last left.
    wrote_at: Instant,
    /// The detection of clients that have gone.
    liveness: Liveness,
    /// The client knows its position without a heartbeat.
    position_sent: bool,
    /// The pace that a reader asked for who does not look, and the time of the next batch.
    paced: Option<Box<Paced>>,
    ending: Option<CloseReason>,
    /// The hub has closed; what is in the log goes first.
    bye: Option<Disconnect>,
    /// The peer has yet to answer the close frame.
    awaits_close: bool,
    /// Our half is closed.
    shut: bool,
    permit: Permit,
}

struct Paced {
    every: Duration,
    rest: Pin<Box<Sleep>>,
}

impl<D: Framer> Pump<D> {
    fn send(&mut self, frame: &ServerFrame) {
        let bytes = self.framer.encode(frame);
        self.permit.stats().down(bytes.len(), || of_frame(frame));
        self.outbox.push(bytes);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<CloseReason> {
        loop {
            if !self.outbox.is_empty() {
                match self.outbox.poll_write(&mut self.io, cx) {
                    Poll::Ready(Ok(written @ 1..)) => {
                        self.permit.stats().record_written(written, || self.outbox.bytes());
                        self.wrote_at = Instant::now();
                        continue;
                    }
                    Poll::Ready(_) => return Poll::Ready(CloseReason::Gone),
                    Poll::Pending => self.permit.stats().record_waiting(self.outbox.bytes()),
                }
            }
            if let Some(end) = self.ending {
                return self.poll_close(end, cx);
            }
            if self.poll_subscription(cx).is_ready()
                || self.poll_sending(cx).is_ready()
                || self.poll_peer(cx).is_ready()
                || self.poll_timer(cx).is_ready()
            {
                continue;
            }
            return Poll::Pending;
        }
    }

    /// Ready when something was put in the outbox or the subscription is over.
    fn poll_subscription(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(bye) = self.bye {
            if self.outbox.is_empty() {
                self.send_bye(bye);
                return Poll::Ready(());
            }
            return Poll::Pending;
        }
        let rests = self.paced.as_mut().is_some_and(|paced| paced.rest.as_mut().poll(cx).is_pending());
        if self.outbox.is_empty() && !rests {
            match ready!(self.subscription.poll_wake(cx)) {
                Wake::Ready => {
                    if let (Progress::CaughtUp(_), Some(paced)) = (self.fill(), &mut self.paced) {
                        paced.rest.as_mut().reset(Instant::now() + paced.every);
                    }
                }
                Wake::Disconnect(bye) => self.begin_closing(bye),
            }
        } else {
            let bye = ready!(self.subscription.poll_disconnect(cx));
            self.begin_closing(bye);
        }
        Poll::Ready(())
    }

    /// The peer has until then to take what there is.
    fn begin_closing(&mut self, bye: Disconnect) {
        self.bye = Some(bye);
        self.timer.as_mut().reset(Instant::now() + LINGER);
    }

    /// Sends what is in the log, and then the bye.
    fn send_bye(&mut self, bye: Disconnect) {
        if self.fill() == Progress::More {
            return;
        }
        self.send(&ServerFrame::Bye { reason: bye.reason, retry_ms: bye.retry_ms });
        self.end(CloseReason::Bye(bye.reason));
    }

    fn fill(&mut self) -> Progress {
        if self.paced.is_some() {
            self.subscription.conflate();
        }
        self.fill_by(Subscription::take)
    }

    fn fill_by(&mut self, take: fn(&mut Subscription, Batch, &mut Vec<Delivery>) -> Progress) -> Progress {
        let mut taken = std::mem::take(&mut self.taken);
        let progress = take(&mut self.subscription, BATCH, &mut taken);
        if self.outbox.is_empty() && !taken.is_empty() {
            // A blockage is counted from here, not from the last write before a long silence.
            self.wrote_at = Instant::now();
        }
        let mut told = 0;
        for delivery in taken.drain(..) {
            match delivery {
                Delivery::Event(publication) => {
                    told += 1;
                    let bytes = self.subscription.encode(&publication, self.framer.wire_format());
                    self.permit.stats().down(bytes.len(), || of_publication(&publication));
                    self.outbox.push(bytes);
                }
                Delivery::Gap(reason, topics) => self.send(&ServerFrame::Gap { reason, topics }),
            }
        }
        self.permit.stats().record_delivered(told, &mut self.subscription);
        if taken.capacity() <= KEPT {
            self.taken = taken;
        }
        if let (Progress::CaughtUp(cursor), false) = (progress, self.position_sent) {
            self.position_sent = true;
            self.send(&ServerFrame::Heartbeat { cursor });
        }
        progress
    }

    /// Ready when the peer said something.
    fn poll_peer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.outbox.bytes() > ANSWERS || self.sending.is_some() {
            return Poll::Pending;
        }
        let mut space = [MaybeUninit::uninit(); 4096];
        let mut buffer = ReadBuf::uninit(&mut space);
        match ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer)) {
            Ok(()) if !buffer.filled().is_empty() => {
                self.liveness.record_activity();
                self.on_bytes(buffer.filled());
            }
            Ok(()) | Err(_) => self.end(CloseReason::Gone),
        }
        Poll::Ready(())
    }

    fn on_bytes(&mut self, bytes: &[u8]) {
        let mut all = Vec::new();
        self.framer.on_bytes(bytes, &mut all);
        self.queue.extend(all);
        self.process_queue();
    }

    /// Does what the peer asked for, up to the next message.
    fn process_queue(&mut self) {
        while self.ending.is_none() && self.sending.is_none() {
            match self.queue.pop_front() {
                Some(Incoming::Frame(frame)) => {
                    self.permit.stats().up(|| of_frame(&frame));
                    self.handle_frame(frame);
                }
                Some(Incoming::Answer(bytes)) => self.outbox.push(bytes),
                Some(Incoming::End(end)) => self.end(end),
                None => {
                    self.queue = VecDeque::new();
                    return;
                }
            }
        }
    }

    /// Ready when a message has arrived.
    fn poll_sending(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(sending) = &mut self.sending else { return Poll::Pending };
        let answer = ready!(sending.as_mut().poll(cx));
        self.sending = None;
        self.send(&answer);
        self.process_queue();
        Poll::Ready(())
    }

    fn handle_frame(&mut self, frame: ClientFrame) {
        let answer = match frame {
            ClientFrame::Ping { id } => ServerFrame::Pong { id },
            ClientFrame::Send(message) => {
                let taken = self.live.inbound.handle(message, self.permit.stats().source());
                self.sending = Some(Box::pin(async {
                    taken.await.map_or_else(ServerFrame::Rejected, ServerFrame::Sent)
                }));
                return;
            }
            ClientFrame::Unsubscribe { topics } => return self.subscription.remove_topics(&topics),
            ClientFrame::Pace { ms } => {
                // Entries that are due at the pace so far go first.
                self.fill();
                let every = Duration::from_millis(ms.into()).min(self.live.pace.heartbeat);
                let rest = || Box::pin(sleep_until(Instant::now() + every));
                self.paced = (ms > 0).then(|| Box::new(Paced { every, rest: rest() }));
                return;
            }
            ClientFrame::Subscribe { topics, since, snapshot } => {
                let may = readable(&self.live, self.permit.stats().principal(), &topics);
                let added =
                    may.and_then(|topics| Ok(self.subscription.add_topics(&topics, since, snapshot)?));
                match added {
                    Ok(topics) => {
                        // A heartbeat follows when the log's entries of them are delivered.
                        self.position_sent = false;
                        ServerFrame::Subscribed { topics }
                    }
                    Err(refusal) => ServerFrame::Error(refusal.into_error()),
                }
            }
        };
        self.send(&answer);
    }

    /// Ready when it is time to speak or to give up. The timer is not moved at every write: it looks, when it fires,
    /// at how long ago the last one was.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(self.timer.as_mut().poll(cx));
        if self.bye.is_some() {
            self.end(CloseReason::Gone);
            return Poll::Ready(());
        }
        let (heartbeat, stall) = (self.live.pace.heartbeat, self.live.admission.limits().stall);
        let blocked = !self.outbox.is_empty();
        let silence = self.wrote_at.elapsed();
        if blocked && silence >= stall {
            self.end(CloseReason::Gone);
            return Poll::Ready(());
        }
        if !blocked && silence >= heartbeat {
            self.position_sent = false;
            self.fill();
        }
        if blocked {
            self.liveness.record_blocked();
        } else if self.check_liveness(heartbeat).is_ready() {
            return Poll::Ready(());
        }
        // Never later than the other of the two would be due: which one counts may change before it fires.
        let next = if blocked { stall.saturating_sub(silence) } else { heartbeat.saturating_sub(silence) };
        let next = if next.is_zero() { heartbeat } else { next };
        self.timer.as_mut().reset(Instant::now() + next.min(heartbeat).min(stall));
        Poll::Ready(())
    }

    /// Pings the client, or begins to part from it; ready when it parts.
    fn check_liveness(&mut self, heartbeat: Duration) -> Poll<()> {
        let (reason, retry_ms) = match self.liveness.due(heartbeat) {
            LivenessAction::Nothing => return Poll::Pending,
            LivenessAction::Ping(bytes) => {
                self.outbox.push(bytes);
                return Poll::Pending;
            }
            LivenessAction::End(ByeReason::Renew) => (ByeReason::Renew, RENEW_MS),
            LivenessAction::End(reason) => (reason, self.live.pace.retry_ms()),
        };
        self.begin_closing(Disconnect { reason, retry_ms });
        Poll::Ready(())
    }

    fn end(&mut self, end: CloseReason) {
        if end == CloseReason::Gone {
            self.outbox = Outbox::default();
        } else {
            self.outbox.push(self.framer.close_frame(end));
            // A peer that closed first waits for nothing but our half.
            self.awaits_close = self.framer.awaits_close() && !matches!(end, CloseReason::Closed(_));
        }
        self.ending = Some(end);
        self.timer.as_mut().reset(Instant::now() + LINGER);
    }

    /// Writes what is left and hangs up.
    fn poll_close(&mut self, end: CloseReason, cx: &mut Context<'_>) -> Poll<CloseReason> {
        if end == CloseReason::Gone || self.timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(end);
        }
        if !self.outbox.is_empty() {
            return Poll::Pending;
        }
        if self.awaits_close {
            let framer = &mut self.framer;
            ready!(poll_read_until(&mut self.io, cx, |bytes| framer.on_bytes_after_close(bytes)));
            self.awaits_close = false;
        }
        ready!(poll_linger_close(&mut self.io, &mut self.shut, cx));
        Poll::Ready(end)
    }
}
