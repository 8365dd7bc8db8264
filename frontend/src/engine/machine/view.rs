//! Computes the visible state of the connection, and the time at which it may change.

use app::ports::{Link, LinkState, TransportFault, TransportReason};

use super::{Engine, PING_MS, Phase};
use crate::engine::{
    health::{Health, Pace},
    role::Role,
};

/// Without a line for this long, people are told that they are offline.
const OFFLINE_MS: f64 = 5_000.0;
/// Browsers let the timers of a page that was hidden for a while run once a minute.
const HIDDEN_MS: f64 = 60_000.0;

impl Engine {
    /// When something may change by itself.
    #[must_use]
    pub fn deadline(&self, now: f64) -> Option<f64> {
        let offline = self.lost_at.map(|lost| lost + OFFLINE_MS).filter(|&at| at > now);
        let phase = match self.phase {
            Phase::Idle | Phase::Stopped => None,
            Phase::Waiting(until) => Some(until),
            Phase::Opening(since) => Some(since + self.selector.patience_ms()),
            Phase::Open => {
                let judged = now + self.health(now).1;
                let ping = self.measured_at() + PING_MS;
                let own = self.trial_deadline().min(self.outlived_by()).min(self.pace_due_at());
                Some(judged.min(ping).min(own))
            }
        };
        [phase, offline, self.outbox.deadline()].into_iter().flatten().reduce(f64::min)
    }

    /// The connection, as people see it.
    #[must_use]
    pub fn link(&self, now: f64) -> Link {
        Link {
            state: self.state(now),
            transport: self.selector.current().id,
            pinned: self.selector.pinned().map(|entry| entry.id),
            round_trip_ms: self.round_trip_ms.filter(|_| self.phase == Phase::Open),
            why: self.why(),
            shared: self.selector.is_shared(),
        }
    }

    /// The server's own reason comes before the memory of the network.
    fn why(&self) -> Option<TransportReason> {
        let transport = self.selector.current().id;
        let away =
            |reason| TransportReason { transport, tries: 0, fault: TransportFault::TurnedAway(reason) };
        self.close_reason.last.map(away).or(self.selector.why())
    }

    fn state(&self, now: f64) -> LinkState {
        let since_lost = self.lost_at.map(|lost| now - lost);
        let attempt = self.backoff.attempt();
        match self.phase {
            Phase::Idle if self.role == Role::Unknown && !self.topics.is_empty() => LinkState::Connecting,
            Phase::Idle => LinkState::Idle,
            Phase::Stopped => LinkState::Stopped,
            Phase::Open => match self.health(now).0 {
                Health::Live => LinkState::Live,
                Health::Late => LinkState::Delayed,
                Health::Stale | Health::Dead => LinkState::Stale,
            },
            Phase::Opening(_) if self.seamless => LinkState::Live,
            Phase::Opening(_) if attempt == 0 => LinkState::Connecting,
            Phase::Opening(at) | Phase::Waiting(at) => {
                let next_at = at.max(0.0) as u64;
                if !self.online
                    || since_lost.is_some_and(|ms| ms >= OFFLINE_MS)
                    || (since_lost.is_none() && attempt > 3)
                {
                    LinkState::Offline { attempt, next_at }
                } else {
                    LinkState::Reconnecting { attempt, next_at }
                }
            }
        }
    }

    /// When the round trip was measured the last time; a page that no one sees and one whose line leads to another tab measure
    /// nothing.
    pub(super) fn measured_at(&self) -> f64 {
        if !self.shown || self.selector.is_shared() {
            return f64::INFINITY;
        }
        self.ping.map_or(self.heard_at, |ping| ping.sent_at)
    }

    pub(super) fn health(&self, now: f64) -> (Health, f64) {
        if !self.selector.current().timed {
            let cadence_ms = self.topics.cadence_ms().map(|own| self.pacing.cadence_ms(own));
            let pace = Pace { heartbeat_ms: self.heartbeat_ms, cadence_ms };
            return pace.judge(now - self.heard_at.max(self.pacing.ended_at()));
        }
        // It hears as often as it asks, however often a topic speaks.
        let heartbeat_ms = if self.shown { self.heartbeat_ms } else { HIDDEN_MS };
        let pace = Pace { heartbeat_ms, cadence_ms: None };
        pace.judge(now - self.heard_at.max(self.shown_at))
    }
}
