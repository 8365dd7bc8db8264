//! Computes the wait before the next attempt.

/// Full jitter: a random time up to a ceiling that doubles with each failure, from half a second up. Clients that
/// lost the same server then come back spread over the whole ceiling, not in step.
#[derive(Debug, Clone)]
pub struct Backoff {
    failures: u32,
}

const FIRST_MS: f64 = 500.0;
/// While someone looks at the page it waits no longer than this, so that it is live within five seconds of the
/// server's return, with a second for timers that browsers hold back in tabs behind.
const CEILING_SHOWN_MS: f64 = 3_000.0;
/// A page in the background can wait.
const CEILING_HIDDEN_MS: f64 = 30_000.0;

impl Backoff {
    /// No failure yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { failures: 0 }
    }

    /// The number of the attempt that comes next, counted from 1.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.failures
    }

    /// After another failure: how long to wait, milliseconds. `random` is 0 to 1.
    pub fn fail(&mut self, shown: bool, random: f64) -> f64 {
        let ceiling = if shown { CEILING_SHOWN_MS } else { CEILING_HIDDEN_MS };
        let doubled = FIRST_MS * 2f64.powi(self.failures.min(16) as i32);
        self.failures = self.failures.saturating_add(1);
        random * doubled.min(ceiling)
    }

    /// It worked.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}
