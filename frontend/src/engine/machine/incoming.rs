//! Handles the events of the connection.

use app::ports::{Notice, TransportFault};
use common::{
    frame::{ByeReason, GapReason, ServerFrame, Verdict},
    message::{Receipt, Rejection},
};
use transports::browser::ClientEvent;

use super::{Action, Engine, Phase, sending::told};
use crate::engine::close_reason::CloseReason;

impl Engine {
    /// The line reports.
    pub fn receive(&mut self, heard: ClientEvent, now: f64) -> Vec<Action> {
        match heard {
            ClientEvent::Opened => vec![],
            ClientEvent::Closed(code) => {
                // 1006 is what browsers say where nobody said anything (RFC 6455 §7.1.5).
                let said = code.filter(|&code| code != 1006);
                self.lose(said.map_or(TransportFault::Cut, TransportFault::Closed), now)
            }
            ClientEvent::Frame(frame) => {
                self.heard_at = now;
                self.on_frame(frame, now)
            }
        }
    }

    fn on_frame(&mut self, frame: ServerFrame, now: f64) -> Vec<Action> {
        match frame {
            ServerFrame::Welcome { verdict, heartbeat_ms, .. } => {
                self.welcomed(verdict, heartbeat_ms as f64, now)
            }
            ServerFrame::Event(event) => {
                if self.topics.see(&event) {
                    vec![Action::Deliver(event)]
                } else {
                    vec![]
                }
            }
            ServerFrame::Gap { reason, mut topics } => {
                topics.retain(|topic| self.topics.wants(topic));
                let away_ms = self.lost_at.map_or(0, |lost| (now - lost).max(0.0) as u64);
                // A stream that has gone is no loss of the line's; whoever shows it asks for it by its name.
                let nothing = topics.is_empty() || self.for_another || reason == GapReason::Gone;
                if nothing { vec![] } else { vec![Action::Tell(Notice::Gap { reason, topics, away_ms })] }
            }
            ServerFrame::Heartbeat { cursor } => {
                self.topics.placed(cursor);
                self.for_another = false;
                self.placed = true;
                self.backoff.succeed();
                self.lost_at = None;
                vec![]
            }
            ServerFrame::Pong { id } => {
                if let Some(ping) = self.ping.as_mut().filter(|ping| ping.open && ping.id == id) {
                    ping.open = false;
                    self.round_trip_ms = Some(now - ping.sent_at);
                }
                vec![]
            }
            ServerFrame::Sent(Receipt { id, cursor }) => {
                let tell = self.outbox.stored(&id, cursor);
                told(id, tell)
            }
            ServerFrame::Rejected(Rejection { id, error, retry_ms }) => {
                let tell = self.outbox.rejected(&id, error, retry_ms.map(|ms| now + ms as f64));
                told(id, tell)
            }
            ServerFrame::Error(error) => vec![Action::Tell(Notice::Refused(error.reason()))],
            // Nothing is wrong: the next line takes over before anyone sees that this one ends.
            ServerFrame::Bye { reason: ByeReason::Renew, .. } if self.phase == Phase::Open => self.open(now),
            ServerFrame::Bye { reason, retry_ms } => {
                self.close_reason.heard = Some(reason);
                self.retry_ms = Some(retry_ms as f64);
                // The session may be over, or have other rights now, and then the page names topics that are not the reader's any more.
                if reason == ByeReason::SignedOut {
                    return vec![Action::Reload];
                }
                vec![]
            }
            ServerFrame::Subscribed { topics } => {
                self.topics.came(&topics);
                vec![]
            }
        }
    }

    fn welcomed(&mut self, verdict: Verdict, heartbeat_ms: f64, now: f64) -> Vec<Action> {
        self.phase = Phase::Open;
        self.verdict = verdict;
        self.lines += 1;
        self.placed = false;
        self.heartbeat_ms = heartbeat_ms;
        self.selector.welcomed();
        if self.selector.is_second_best() {
            self.upgrade_probe.begin(now);
        }
        self.retry_ms = None;
        self.close_reason = CloseReason::default();
        self.outbox.reached();
        // Gap frames report gaps themselves.
        let resumed = self.lost_at.filter(|_| verdict == Verdict::Resumed);
        // Topics may have been added while the connection was opening.
        let mut actions = if self.selector.current().two_way { self.change_topics(now) } else { vec![] };
        if let Some(lost) = resumed {
            actions.push(Action::Tell(Notice::Resumed { away_ms: (now - lost).max(0.0) as u64 }));
        }
        actions.extend(self.measure(now));
        actions
    }
}
