//! Tells readers of notices that wait, and removes old ones.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::service::Notices;

/// The store is asked this often, so that a notice of the command line is on every page within a second.
const EVERY: Duration = Duration::from_millis(400);
/// So many are told at a time.
const AT_ONCE: usize = 100;
/// Old notices are removed this often.
const PRUNE: Duration = Duration::from_secs(60 * 60);
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// A notice stays for so long after it has expired: its sender may look who has read it.
const EXPIRED_MS: u64 = 30 * DAY_MS;
/// No notice stays longer.
const AGE_MS: u64 = 400 * DAY_MS;

/// Tells readers again and again.
pub(super) async fn announce(notices: Notices) {
    let mut due = interval(EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut waits = false;
    loop {
        due.tick().await;
        let told = notices.announce_waiting(AT_ONCE).await;
        let waited = std::mem::replace(&mut waits, !matches!(told, Ok(true)));
        match told {
            Err(error) if !waited => tracing::warn!(%error, "notices cannot be read: they are told later"),
            Ok(false) if !waited => tracing::warn!("the log does not take notices: they are told later"),
            Ok(true) if waited => tracing::info!("notices that waited are told"),
            _ => {}
        }
    }
}

/// Removes old notices again and again.
pub(super) async fn prune(notices: Notices) {
    let mut due = interval(PRUNE);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        if let Err(error) = notices.prune(EXPIRED_MS, AGE_MS).await {
            tracing::warn!(%error, "old notices could not be removed");
        }
    }
}
