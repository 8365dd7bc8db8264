//! The schedule of the trials of a better transport.

use transports::catalog::Entry;

/// When a better transport is tried, and which.
#[derive(Debug)]
pub(super) struct UpgradeProbe {
    pub(super) due_at: f64,
    pub(super) wait_ms: f64,
    pub(super) under_way: Option<(&'static Entry, f64)>,
}

/// A network that let nothing better through is asked again after half a minute, and then ever more seldom,
const SOON_MS: f64 = 30_000.0;
/// but at least so often.
pub(super) const SELDOM_MS: f64 = 600_000.0;

impl Default for UpgradeProbe {
    fn default() -> Self {
        Self { due_at: f64::INFINITY, wait_ms: SOON_MS, under_way: None }
    }
}

impl UpgradeProbe {
    /// There is a second best line since now.
    pub(super) fn begin(&mut self, now: f64) {
        if self.due_at.is_infinite() {
            self.due_at = now + self.wait_ms;
        }
    }

    /// The network may be another one: it is asked as soon as there is a line.
    pub(super) fn hurry(&mut self, now: f64) {
        *self = Self { due_at: now, ..Self::default() };
    }

    /// The line beside which it was tried is gone, and with it the trial.
    pub(super) fn stop(&mut self) {
        self.under_way = None;
    }
}
