//! One namespace of one connection, following the log.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use common::{
    Cursor, Seq,
    frame::{ByeReason, ServerFrame, Verdict},
};
use hub::{Delivery, Disconnect, Progress, Subscription, TopicKind, Wake};
use tokio::time::Instant;

use super::{
    frames,
    recovery::{Owed, Pid, Recovery, Ticket},
    requests,
    sending::Sending,
};
use crate::{
    line::BATCH,
    live::Live,
    roster::Meter,
    socketio::{
        engine::{Message, Out},
        sockets::{self, Event, MAIN, Packet, Said, Socket, Voice},
        wire,
    },
};

/// One namespace of one connection, following the log.
pub(super) struct Feed {
    pub(super) live: Live,
    pub(super) session: Subscription,
    /// The kind whose topics it carries; `None` for all.
    pub(super) kind: Option<Box<str>>,
    namespace: Box<str>,
    membership: Membership,
    /// What counts its connection.
    meter: Arc<Meter>,
    pub(super) sending: Sending,
    /// The greatest place that the client was given.
    told: Seq,
    /// Whether the client knows its place without a heartbeat.
    placed: bool,
    spoke_at: Instant,
    heartbeat: Duration,
    /// The hub has closed; what is in the log goes first.
    bye: Option<Disconnect>,
}

/// The client's part in the table of those who may come back.
pub(super) struct Membership {
    pub(super) pid: Pid,
    pub(super) ticket: Arc<Ticket>,
    pub(super) recovery: Recovery,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.recovery.leave(&self.pid, &self.ticket, Instant::now());
    }
}

impl Feed {
    /// `began_at` is where the session stands: older entries are from the past.
    pub(super) fn new(
        live: Live,
        session: Subscription,
        kind: Option<&str>,
        membership: Membership,
        began_at: Cursor,
        meter: Arc<Meter>,
    ) -> Self {
        let head = live.hub.head();
        // A place that this log never gave out says nothing about what the client has.
        let ours = began_at.epoch == head.epoch && began_at.seq <= head.seq;
        Self {
            heartbeat: live.pace.heartbeat,
            namespace: kind.map_or(MAIN.into(), |kind| format!("/{kind}").into()),
            kind: kind.map(Into::into),
            told: if ours { began_at.seq } else { Seq::START },
            placed: false,
            spoke_at: Instant::now(),
            meter,
            sending: Sending::default(),
            bye: None,
            live,
            session,
            membership,
        }
    }

    fn welcome(&self) -> ServerFrame {
        ServerFrame::Welcome {
            verdict: self.session.verdict(),
            head: self.live.hub.head(),
            heartbeat_ms: self.live.pace.heartbeat_ms(),
        }
    }

    /// Topics were added, or taken away; `past` says whether what the log has of them goes back behind the client's place.
    pub(super) fn topics_changed(&mut self, past: bool) {
        let topics = self.session.topics().map(|(topic, _)| topic.clone()).collect();
        let behind = Cursor { seq: self.told, ..self.live.hub.head() };
        self.membership.ticket.note(|memory| {
            memory.topics = topics;
            if past {
                memory.owed = Some(Owed { behind, first: false, told: false, pinged: false });
            }
        });
        // When what the log has of them is told, a heartbeat says so.
        self.placed = false;
    }

    /// Takes from the log what the carrier can write now.
    fn fill(&mut self, out: &mut Out) -> Progress {
        let mut batch = Vec::new();
        let progress = self.session.take(BATCH, &mut batch);
        let told = batch.iter().filter(|delivery| matches!(delivery, Delivery::Event(_))).count();
        self.meter.took(told as u64, &mut self.session);
        let form = wire::form(out.carrier(), self.kind.is_none());
        for delivery in batch {
            match delivery {
                Delivery::Event(publication) if publication.cursor.seq <= self.told => {
                    let text = wire::past(self.kind.as_deref(), &publication);
                    out.message(Message::Text(String::from_utf8_lossy(&text).into_owned()));
                }
                Delivery::Event(publication) => {
                    self.told = publication.cursor.seq;
                    out.coded(self.session.encode(&publication, form));
                }
                Delivery::Gap(reason, topics) => self.say(out, &ServerFrame::Gap { reason, topics }),
            }
        }
        if let (Progress::CaughtUp(cursor), false) = (progress, self.placed) {
            self.placed = true;
            self.told = cursor.seq;
            self.membership.ticket.note(|memory| {
                if let Some(owed) = &mut memory.owed {
                    owed.told = true;
                }
            });
            self.write(out, frames::heartbeat(cursor));
        }
        progress
    }

    fn say(&self, out: &mut Out, frame: &ServerFrame) {
        let Event { name, args, .. } = frames::event(frame);
        let arg = args.first().map(|arg| arg.get()).unwrap_or_default();
        self.write(out, format!(r#"["{name}",{arg}]"#));
    }

    /// What became of a message.
    fn tell(&self, out: &mut Out, id: Option<u64>, frame: &ServerFrame) {
        let Some(id) = id else { return self.say(out, frame) };
        let arg = frames::answer(frame);
        let payload = arg.first().map(|arg| format!("[{}]", arg.get()));
        let packet = Packet::new(sockets::Kind::Ack, &self.namespace, payload.map(Into::into));
        out.message(Message::Text(Packet { id: Some(id), ..packet }.to_text()));
    }

    fn write(&self, out: &mut Out, payload: String) {
        let packet = Packet::new(sockets::Kind::Event, &self.namespace, Some(payload.into()));
        out.message(Message::Text(packet.to_text()));
    }

    /// What is in the log goes first, then the bye.
    fn part(&mut self, bye: Disconnect, out: &mut Out) -> Said {
        // A heartbeat would be one more word before the last.
        self.placed = true;
        if self.fill(out) == Progress::More {
            return Said::More;
        }
        self.say(out, &ServerFrame::Bye { reason: bye.reason, retry_ms: bye.retry_ms });
        Said::Bye(code(bye.reason))
    }
}

/// Whether what a session begins with goes back behind its place.
pub(super) fn begins_in_the_past(session: &Subscription, snapshot: bool) -> bool {
    let newcomer = session.verdict() == Verdict::New;
    snapshot || (newcomer && session.topics().any(|(_, kind)| kind == TopicKind::Latest))
}

/// The close code that goes with a bye.
pub(super) fn code(reason: ByeReason) -> u16 {
    match reason {
        ByeReason::Shutdown => common::close::RESTART,
        ByeReason::TooManyConnections | ByeReason::LogFull => common::close::TRY_LATER,
        ByeReason::Ended | ByeReason::Renew => common::close::ENDED,
    }
}

impl Socket for Feed {
    fn begin(&mut self, voice: &mut Voice<'_>) {
        voice.emit(&frames::event(&self.welcome()), None);
    }

    fn hear(&mut self, event: Event, id: Option<u64>, _: Instant, voice: &mut Voice<'_>) {
        requests::obey(self, event, id, voice);
    }

    fn poll_more(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<Said> {
        if self.membership.ticket.is_displaced(cx) {
            return Poll::Ready(Said::Leave);
        }
        if let Poll::Ready((id, frame)) = self.sending.poll(cx, &*self.live.upstream, self.meter.peer().ip())
        {
            self.tell(out, id, &frame);
            return Poll::Ready(Said::More);
        }
        let said = loop {
            if let Some(bye) = self.bye {
                break self.part(bye, out);
            }
            match self.session.poll_wake(cx) {
                Poll::Ready(Wake::Ready) => {
                    self.fill(out);
                    if !out.is_empty() {
                        break Said::More;
                    }
                }
                Poll::Ready(Wake::Disconnect(bye)) => self.bye = Some(bye),
                Poll::Pending if now >= self.spoke_at + self.heartbeat => {
                    self.placed = false;
                    self.fill(out);
                    break Said::More;
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

    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.session.poll_disconnect(cx).map(|_| ())
    }

    fn pinged(&mut self) {
        self.membership.ticket.note(|memory| {
            if let Some(owed) = memory.owed.as_mut().filter(|owed| owed.told) {
                owed.pinged = true;
            }
        });
    }

    fn confirmed(&mut self) {
        self.membership.ticket.note(|memory| memory.owed.take_if(|owed| owed.pinged));
    }

    fn left(&mut self) {
        let Membership { pid, ticket, recovery } = &self.membership;
        recovery.let_go(pid, ticket);
    }
}
