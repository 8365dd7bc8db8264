//! Plain requests tell whether the server or only the transport is out of reach.

use app::ports::Notice;
use transports::catalog::Entry;

use super::{Action, Engine, Phase};

impl Engine {
    /// The answer to a probe: the round trip of a plain request, if it passed.
    pub fn probed(&mut self, round_trip_ms: Option<f64>, now: f64) -> Vec<Action> {
        if let Some(ms) = round_trip_ms {
            self.selector.passed(ms);
        }
        if self.phase == Phase::Open {
            self.round_trip_ms = round_trip_ms.or(self.round_trip_ms);
            return vec![];
        }
        let gives_up = match self.phase {
            Phase::Waiting(_) => true,
            // A probe that took long may find the next attempt under way: it may finish, unless the last was given all its time.
            Phase::Opening(_) => self.selector.is_silent(),
            _ => false,
        };
        if !gives_up || round_trip_ms.is_none() || !self.selector.is_blocked() {
            return vec![];
        }
        // The server is there and this transport does not get through: the next one may.
        let Some((from, to)) = self.selector.fall_back() else { return vec![] };
        self.round_trip_ms = None;
        let mut actions = self.open(now);
        actions.extend([Action::Tell(Notice::FellBack { from: from.id, to: to.id }), Action::Examine(from)]);
        actions
    }

    /// Handles the answer to a plain request to a transport's address.
    pub fn examined(&mut self, entry: &'static Entry, status: u16) -> Vec<Action> {
        // 204 is the server's own word: the way there is free.
        if status != 204 {
            self.selector.examined(entry, status);
        }
        vec![]
    }
}
