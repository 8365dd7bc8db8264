//! The time for which the audit log is kept, and the task that prunes it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{MissedTickBehavior, interval};

use super::directory::{AccountDirectory, DAY_MS};

/// It is pruned this often, and at each start: each time adds an entry to it.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// The section `audit`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditConfig {
    /// The days for which an entry is kept; 0 for ever.
    pub keep_days: u64,
}

impl Default for AuditConfig {
    /// A year, and what an audit of that year takes.
    fn default() -> Self {
        Self { keep_days: 400 }
    }
}

/// Prunes the log again and again; ends at once where it is kept for ever.
pub(super) async fn run(accounts: AccountDirectory, keep_days: u64) {
    if keep_days == 0 {
        // A task that ends is started again.
        std::future::pending::<()>().await;
    }
    let mut due = interval(EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        prune(&accounts, keep_days).await;
    }
}

/// Takes off what is older, in steps that keep no writer waiting.
async fn prune(accounts: &AccountDirectory, keep_days: u64) {
    let mut gone = 0;
    loop {
        let now = accounts.now();
        let before = now.saturating_sub(keep_days.saturating_mul(DAY_MS));
        match accounts.store().audit().prune(before, now).await {
            Ok(0) => break,
            Ok(some) => gone += some,
            Err(error) => {
                tracing::warn!(%error, "the audit log could not be pruned: it is tried again in a day");
                break;
            }
        }
    }
    if gone > 0 {
        tracing::info!(gone, keep_days, "entries of the audit log were old enough to go");
    }
}
