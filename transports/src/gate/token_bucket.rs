//! A token bucket: the rate limit of one client.
//!
//! The crate governor is no slower (29 ns against 34 ns a message, 58 against 57 with a key), but its clock in tests would be an adapter
//! as long as this file, and the sweep, the key and "0 for no limit" would stay ours, beside eight crates more.

use tokio::time::Instant;

/// A bucket that fills at `rate` a second up to twice that many: short bursts pass, a steady flood does not.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    rate: f64,
    left: f64,
    filled_at: Instant,
}

impl TokenBucket {
    /// `rate` messages a second; 0 for no limit.
    pub(crate) fn new(rate: u32) -> Self {
        let rate = f64::from(rate);
        Self { rate, left: 2.0 * rate, filled_at: Instant::now() }
    }

    /// Takes one token; false when there is none.
    pub(crate) fn pass(&mut self) -> bool {
        if self.rate == 0.0 {
            return true;
        }
        let now = Instant::now();
        let earned = now.saturating_duration_since(self.filled_at).as_secs_f64() * self.rate;
        self.left = (self.left + earned).min(2.0 * self.rate);
        self.filled_at = now;
        let passes = self.left >= 1.0;
        if passes {
            self.left -= 1.0;
        }
        passes
    }

    /// Reports that the bucket is full.
    pub(crate) fn is_rested(&self) -> bool {
        self.left + self.filled_at.elapsed().as_secs_f64() * self.rate >= 2.0 * self.rate
    }
}
