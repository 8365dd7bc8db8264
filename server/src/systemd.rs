//! Tells systemd how the server is (sd_notify(3)). Where systemd did not start it, nothing happens.

use std::time::Duration;

use fanout::Hub;
use sd_notify::NotifyState;

use crate::tasks::Task;

/// The server accepts connections.
pub(crate) fn ready() {
    tell(NotifyState::Ready);
}

/// The server was asked to end.
pub(crate) fn stopping() {
    tell(NotifyState::Stopping);
}

/// The task that keeps the watchdog quiet, where the unit has one: as long as the runtime turns and the log's lock is free.
pub(crate) fn watchdog(hub: &Hub) -> Option<Task> {
    let patience = sd_notify::watchdog_enabled()?;
    let hub = hub.clone();
    Some(Task::new("watchdog", move || keep_quiet(hub.clone(), patience / 3)))
}

async fn keep_quiet(hub: Hub, every: Duration) {
    let mut due = tokio::time::interval(every);
    loop {
        due.tick().await;
        let _ = hub.metrics();
        tell(NotifyState::Watchdog);
    }
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd does not hear how the server is");
    }
}
