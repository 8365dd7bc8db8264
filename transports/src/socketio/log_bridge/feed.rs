//! The feed of one namespace of one connection.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use common::{
    Cursor, Seq,
    frame::{ClientFrame, ErrorCode, ServerFrame},
};
use fanout::{Delivery, Disconnect, Progress, Subscription, TopicKind, Wake};
use tokio::time::Instant;

use super::{
    close_code::code,
    frames,
    recovery::{Pid, RecoveryStore, RecoveryToken, ReplayDebt},
    requests,
    sending::Sending,
};
use crate::{
    conn::BATCH,
    connections::ConnectionStats,
    gate::{ApiRejection, readable},
    live::Live,
    socketio::{
        engine::{Message, Out},
        sockets::{self, Emitter, Event, MAIN, Packet, SocketAction, SocketHandler},
        wire,
    },
};

/// The feed of one namespace of one connection.
pub(super) struct Feed {
    live: Live,
    subscription: Subscription,
    /// The kind whose topics it carries; `None` for all.
    kind: Option<Box<str>>,
    namespace: Box<str>,
    recovery_guard: RecoveryGuard,
    /// The connection's statistics.
    stats: Arc<ConnectionStats>,
    sending: Sending,
    /// The greatest place that the client was given.
    told: Cursor,
    /// The client knows its position without a heartbeat.
    placed: bool,
    spoke_at: Instant,
    heartbeat: Duration,
    /// The hub has closed; what is in the log goes first.
    bye: Option<Disconnect>,
}

/// The outcome of a request.
enum RequestOutcome {
    Frame(ServerFrame),
    /// The request was done, and there is nothing to answer.
    Done,
    /// The answer comes later.
    Later,
}

/// The client's part in the table of those who may come back.
pub(super) struct RecoveryGuard {
    pub(super) pid: Pid,
    pub(super) token: Arc<RecoveryToken>,
    pub(super) recovery: RecoveryStore,
}

impl Drop for RecoveryGuard {
    fn drop(&mut self) {
        self.recovery.release(&self.pid, &self.token, Instant::now());
    }
}

impl Feed {
    /// `began_at` is where the subscription stands: older entries are from the past.
    pub(super) fn new(
        live: Live,
        subscription: Subscription,
        kind: Option<&str>,
        recovery_guard: RecoveryGuard,
        began_at: Cursor,
        stats: Arc<ConnectionStats>,
    ) -> Self {
        let head = live.hub.head();
        // A position that this log never issued says nothing about what the client has.
        let ours = head.covers(began_at);
        Self {
            heartbeat: live.pace.heartbeat,
            namespace: kind.map_or(MAIN.into(), |kind| format!("/{kind}").into()),
            kind: kind.map(Into::into),
            told: if ours { began_at } else { Cursor::new(head.epoch, Seq::START) },
            placed: false,
            spoke_at: Instant::now(),
            stats,
            sending: Sending::default(),
            bye: None,
            live,
            subscription,
            recovery_guard,
        }
    }

    fn welcome(&self) -> ServerFrame {
        ServerFrame::Welcome {
            verdict: self.subscription.verdict(),
            head: self.live.hub.head(),
            heartbeat_ms: self.live.pace.heartbeat_ms(),
        }
    }

    /// Does what a frame asks for.
    fn perform(&mut self, frame: ClientFrame, id: Option<u64>) -> Result<RequestOutcome, ApiRejection> {
        match frame {
            ClientFrame::Pace { .. } => {
                Err(ApiRejection::new(ErrorCode::BadFrame, "a pace is kept on /live/ws only".to_owned()))
            }
            ClientFrame::Ping { id } => Ok(RequestOutcome::Frame(ServerFrame::Pong { id })),
            ClientFrame::Unsubscribe { topics } => {
                self.subscription.remove_topics(&topics);
                self.topics_changed(false);
                Ok(RequestOutcome::Done)
            }
            ClientFrame::Send(message) => {
                self.sending.push(id, message);
                Ok(RequestOutcome::Later)
            }
            ClientFrame::Subscribe { topics, since, snapshot } => {
                let topics = readable(&self.live, self.stats.principal(), &topics)?;
                let topics = self.subscription.add_topics(&topics, since, snapshot)?;
                let begins_earlier = |(topic, kind)| kind != TopicKind::Log && topics.contains(topic);
                let past = since.is_some() || snapshot || self.subscription.topics().any(begins_earlier);
                self.topics_changed(past && !topics.is_empty());
                Ok(RequestOutcome::Frame(ServerFrame::Subscribed { topics }))
            }
        }
    }

    /// Topics were added, or taken away; `past` says whether what the log has of them goes back behind the client's place.
    fn topics_changed(&mut self, past: bool) {
        let topics = self.subscription.topics().map(|(topic, _)| topic.clone()).collect();
        let behind = self.told;
        self.recovery_guard.token.update(|state| {
            state.topics = topics;
            if past {
                state.debt = Some(ReplayDebt { behind, first: false, told: false, pinged: false });
            }
        });
        // A heartbeat follows when the log's entries of them are delivered.
        self.placed = false;
    }

    /// Takes from the log what the carrier can write now.
    fn fill(&mut self, out: &mut Out) -> Progress {
        let mut batch = Vec::new();
        let progress = self.subscription.take(BATCH, &mut batch);
        let told = batch.iter().filter(|delivery| matches!(delivery, Delivery::Event(_))).count();
        self.stats.record_delivered(told as u64, &mut self.subscription);
        let form = wire::form(out.carrier(), self.kind.is_none());
        for delivery in batch {
            match delivery {
                Delivery::Event(publication) if self.told.covers(publication.cursor) => {
                    let text = wire::past(self.kind.as_deref(), &publication);
                    out.message(Message::Text(String::from_utf8_lossy(&text).into_owned()));
                }
                Delivery::Event(publication) => {
                    self.told = self.told.advance(publication.cursor);
                    out.encoded(self.subscription.encode(&publication, form));
                }
                Delivery::Gap(reason, topics) => self.send(out, &ServerFrame::Gap { reason, topics }),
            }
        }
        if let (Progress::CaughtUp(cursor), false) = (progress, self.placed) {
            self.placed = true;
            self.told = self.told.advance(cursor);
            self.recovery_guard.token.update(|state| {
                if let Some(debt) = &mut state.debt {
                    debt.told = true;
                }
            });
            self.write(out, frames::heartbeat(cursor));
        }
        progress
    }

    fn send(&self, out: &mut Out, frame: &ServerFrame) {
        let Event { name, args, .. } = frames::event(frame);
        let arg = args.first().map(|arg| arg.get()).unwrap_or_default();
        self.write(out, format!(r#"["{name}",{arg}]"#));
    }

    /// Sends the outcome of a message.
    fn acknowledge(&self, out: &mut Out, id: Option<u64>, frame: &ServerFrame) {
        let Some(id) = id else { return self.send(out, frame) };
        let arg = frames::answer(frame);
        let payload = arg.first().map(|arg| format!("[{}]", arg.get()));
        let packet = Packet::new(sockets::PacketKind::Ack, &self.namespace, payload.map(Into::into));
        out.message(Message::Text(Packet { id: Some(id), ..packet }.to_text()));
    }

    fn write(&self, out: &mut Out, payload: String) {
        let packet = Packet::new(sockets::PacketKind::Event, &self.namespace, Some(payload.into()));
        out.message(Message::Text(packet.to_text()));
    }

    /// Sends what is in the log, and then the bye.
    fn send_bye(&mut self, bye: Disconnect, out: &mut Out) -> SocketAction {
        // A heartbeat would be one more frame before the last.
        self.placed = true;
        if self.fill(out) == Progress::More {
            return SocketAction::More;
        }
        self.send(out, &ServerFrame::Bye { reason: bye.reason, retry_ms: bye.retry_ms });
        SocketAction::Bye(code(bye.reason))
    }
}

impl SocketHandler for Feed {
    fn on_connect(&mut self, emitter: &mut Emitter<'_>) {
        emitter.emit(&frames::event(&self.welcome()), None);
    }

    /// Does what is asked. Where the client waits for an answer, it is the acknowledgement; else it is an event.
    fn on_event(&mut self, event: Event, id: Option<u64>, _: Instant, emitter: &mut Emitter<'_>) {
        let answer = requests::read(self.kind.as_deref(), event)
            .and_then(|frame| self.perform(frame, id))
            .unwrap_or_else(|refusal| RequestOutcome::Frame(ServerFrame::Error(refusal.error().clone())));
        match (id, answer) {
            (Some(id), RequestOutcome::Frame(frame)) => emitter.answer(id, &frames::answer(&frame), &[]),
            (Some(id), RequestOutcome::Done) => emitter.answer(id, &[], &[]),
            (None, RequestOutcome::Frame(frame)) => emitter.emit(&frames::event(&frame), None),
            (None, RequestOutcome::Done) | (_, RequestOutcome::Later) => {}
        }
    }

    fn poll_more(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<SocketAction> {
        if self.recovery_guard.token.is_displaced(cx) {
            return Poll::Ready(SocketAction::Leave);
        }
        if let Poll::Ready((id, frame)) = self.sending.poll(cx, &*self.live.inbound, self.stats.source()) {
            self.acknowledge(out, id, &frame);
            return Poll::Ready(SocketAction::More);
        }
        let said = loop {
            if let Some(bye) = self.bye {
                break self.send_bye(bye, out);
            }
            match self.subscription.poll_wake(cx) {
                Poll::Ready(Wake::Ready) => {
                    self.fill(out);
                    if !out.is_empty() {
                        break SocketAction::More;
                    }
                }
                Poll::Ready(Wake::Disconnect(bye)) => self.bye = Some(bye),
                Poll::Pending if now >= self.spoke_at + self.heartbeat => {
                    self.placed = false;
                    self.fill(out);
                    break SocketAction::More;
                }
                Poll::Pending => return Poll::Pending,
            }
        };
        self.spoke_at = now;
        Poll::Ready(said)
    }

    fn deadline(&self) -> Option<Instant> {
        Some(self.spoke_at + self.heartbeat)
    }

    fn is_busy(&self) -> bool {
        self.sending.is_busy()
    }

    fn poll_closing(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.subscription.poll_disconnect(cx).map(|_| ())
    }

    fn on_ping_sent(&mut self) {
        self.recovery_guard.token.update(|state| {
            if let Some(debt) = state.debt.as_mut().filter(|debt| debt.told) {
                debt.pinged = true;
            }
        });
    }

    fn on_pong(&mut self) {
        self.recovery_guard.token.update(|state| state.debt.take_if(|debt| debt.pinged));
    }

    fn on_disconnect(&mut self) {
        let RecoveryGuard { pid, token, recovery } = &self.recovery_guard;
        recovery.remove(pid, token);
    }
}
