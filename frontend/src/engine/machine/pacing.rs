//! A page that no one sees is told seldom: its browser would be woken twice a second for numbers that nobody reads. What it was not told
//! of its trends it asks for when it is shown again.

use common::frame::ClientFrame;

use super::{Action, Engine, Phase};
use crate::engine::pacing::PACE_MS;

/// Whoever looks at another tab for a moment only changes nothing, milliseconds.
const UNSEEN_MS: f64 = 10_000.0;
/// The transport that can be told so on a line that is open.
const PACED: &str = "websocket";

impl Engine {
    /// When the server is to be told that nobody looks.
    pub(super) fn pace_due_at(&self) -> f64 {
        let can_be = self.selector.current().id == PACED && !self.pacing.kept && !self.topics.has_followers();
        if can_be { self.pacing.unseen_since + UNSEEN_MS } else { f64::INFINITY }
    }

    /// Tells the server whether anyone looks, where that has changed. Other tabs that have their line here are told as ever.
    pub(super) fn pace(&mut self, now: f64) -> Vec<Action> {
        if self.phase != Phase::Open {
            return vec![];
        }
        let ms = if self.pace_due_at() <= now {
            self.pacing.kept = true;
            PACE_MS
        } else if self.pacing.kept && (self.pacing.unseen_since > now || self.topics.has_followers()) {
            self.pacing.end(now);
            0
        } else {
            return vec![];
        };
        vec![Action::Send(ClientFrame::Pace { ms })]
    }
}
