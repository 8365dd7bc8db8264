//! After a sleep: of the machine, or of a page that its browser did not let run. A line may not have outlived it, and nobody says
//! so; whoever wakes it wants fresh numbers now, and not when silence has lasted long enough.

use app::ports::TransportFault;

use super::{Action, Engine, Phase};
use crate::engine::{health::Health, role::Role};

/// A line that was heard so lately is well, milliseconds.
const LATELY_MS: f64 = 5_000.0;
/// A timer of a page that is shown is late by so much where the machine slept, milliseconds,
const SLEPT_MS: f64 = 3_000.0;
/// and by so much where the page was busy.
const HELD_UP_MS: f64 = 50.0;

impl Engine {
    /// The page runs again, or is shown again.
    pub fn wake(&mut self, now: f64) -> Vec<Action> {
        match self.phase {
            Phase::Waiting(_) => self.retry(now),
            Phase::Open if self.health(now).0 == Health::Dead => self.lose_and_retry(now),
            Phase::Open if self.shown && self.can_be_asked() && self.heard_at + LATELY_MS <= now => {
                self.woke_at = Some(now);
                self.measure(now)
            }
            _ => self.tick(now),
        }
    }

    /// The browser puts the page away, and may bring it back as it was. The line is closed, which is nobody's fault; it goes on
    /// from its cursor once the page has a role again ([`Engine::play`]).
    pub fn put_away(&mut self) -> Vec<Action> {
        self.role = Role::Unknown;
        if self.phase == Phase::Stopped {
            return vec![];
        }
        self.rest(Phase::Idle);
        vec![Action::Close]
    }

    /// Time has passed: a tick, which comes so much later than it was due.
    pub fn tick_late(&mut self, late_ms: f64, now: f64) -> Vec<Action> {
        if late_ms >= SLEPT_MS && self.shown {
            return self.wake(now);
        }
        // The page did not run: what a line said meanwhile is only heard after this.
        if let Phase::Opening(since) = &mut self.phase
            && late_ms > HELD_UP_MS
        {
            *since += late_ms + HELD_UP_MS;
        }
        self.tick(now)
    }

    /// Returns true if a healthy connection is certain to bring a frame within a moment: the answer to a ping, or an
    /// event of a quick topic.
    fn can_be_asked(&self) -> bool {
        let is_quick = self.topics.cadence_ms().is_some_and(|ms| ms <= LATELY_MS / 10.0);
        self.selector.current().two_way || (is_quick && !self.selector.current().timed)
    }

    /// When a line that has not said anything since the page woke is given up.
    pub(super) fn outlived_by(&self) -> f64 {
        match self.woke_at {
            Some(woke_at) if self.heard_at < woke_at => woke_at + self.selector.answer_ms(),
            _ => f64::INFINITY,
        }
    }

    /// Without a pause: whoever waits has waited long enough.
    pub(super) fn lose_and_retry(&mut self, now: f64) -> Vec<Action> {
        let mut actions = self.lose(TransportFault::Silent, now);
        actions.extend(self.retry(now));
        actions
    }
}
