//! A page that no one sees is told seldom: its browser would be woken twice a second for numbers that nobody reads. What it was not told
//! of its trends it asks for when it is shown again.

use common::frame::ClientFrame;

use super::{Action, Engine, Phase};

/// A hidden page receives events this often, milliseconds.
const PACE_MS: u32 = 5_000;
/// Whoever looks at another tab for a moment only changes nothing, milliseconds.
const UNSEEN_MS: f64 = 10_000.0;
/// The transport that can be told so on a line that is open.
const PACED: &str = "websocket";

/// The visibility of the page, and the pace that the server was asked for.
#[derive(Debug)]
pub(super) struct Pacing {
    /// Since when nobody sees it.
    unseen_since: f64,
    /// True if the server keeps the pace.
    kept: bool,
    /// When it ended.
    ended_at: f64,
}

impl Default for Pacing {
    fn default() -> Self {
        Self { unseen_since: f64::INFINITY, kept: false, ended_at: 0.0 }
    }
}

impl Pacing {
    pub(super) fn show(&mut self, shown: bool, now: f64) {
        self.unseen_since = if shown { f64::INFINITY } else { self.unseen_since.min(now) };
    }

    /// The line that was told is another one now, or goes at its own pace again.
    pub(super) fn end(&mut self, now: f64) {
        if std::mem::take(&mut self.kept) {
            self.ended_at = now;
        }
    }

    /// Returns the interval at which events of a topic arrive.
    pub(super) fn cadence_ms(&self, own: f64) -> f64 {
        if self.kept { own.max(f64::from(PACE_MS)) } else { own }
    }

    /// Till then its silence was meant.
    pub(super) const fn ended_at(&self) -> f64 {
        self.ended_at
    }
}

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
