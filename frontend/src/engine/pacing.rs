//! The pace of a page that no one sees.

/// A hidden page receives events this often, milliseconds.
pub(super) const PACE_MS: u32 = 5_000;

/// The visibility of the page, and the pace that the server was asked for.
#[derive(Debug)]
pub(super) struct Pacing {
    /// Since when nobody sees it.
    pub(super) unseen_since: f64,
    /// True if the server keeps the pace.
    pub(super) kept: bool,
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
