//! Notices what other nodes, the command line and the clock have changed.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::directory::{AccountDirectory, IDLE_MS};

/// Known sessions and tokens are looked at again this often: whoever loses rights anywhere loses them here within a second.
const EVERY: Duration = Duration::from_millis(700);
/// Sessions that have ended are taken out of the store this often.
const SWEEP: Duration = Duration::from_secs(10 * 60);

/// Looks at what is known again and again.
pub(super) async fn run(accounts: AccountDirectory) {
    let mut due = interval(EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        if accounts.0.first_account.is_open() && accounts.store().users().any().await.is_ok_and(|any| any) {
            accounts.close_open_house();
        }
        accounts.look_again_where(|_| true).await;
    }
}

/// Forgets sessions that have ended.
pub(super) async fn sweep(accounts: AccountDirectory) {
    let mut due = interval(SWEEP);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        let now = accounts.now();
        if let Err(error) = accounts.store().sessions().sweep(now, now.saturating_sub(IDLE_MS)).await {
            tracing::warn!(%error, "sessions that have ended could not be removed");
        }
    }
}
