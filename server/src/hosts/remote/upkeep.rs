//! The upkeep of the list of machines: it follows the store, and the store is told when agents were heard.

use std::time::Duration;

use store::HostSeen;
use tokio::time::sleep;

use super::registry::RemoteHosts;
use crate::tasks::Task;

/// The store is read and told at this pace.
const EVERY: Duration = Duration::from_secs(10);

/// The task that does it.
pub(in crate::hosts) fn task(hosts: RemoteHosts) -> Task {
    Task::new("hosts", move || run(hosts.clone()))
}

async fn run(hosts: RemoteHosts) {
    loop {
        if let Err(error) = round(&hosts).await {
            tracing::warn!(%error, "the hosts in the store could not be read or written");
        }
        sleep(EVERY).await;
    }
}

async fn round(hosts: &RemoteHosts) -> Result<(), store::StoreError> {
    let store = hosts.accounts.store().hosts();
    let heard: Vec<HostSeen> = hosts
        .all()
        .iter()
        .filter_map(|host| {
            let seen_ms = host.take_unnoted()?;
            Some(HostSeen { id: host.key, seen_ms, facts: serde_json::to_string(&*host.host.info()).ok() })
        })
        .collect();
    if !heard.is_empty() {
        store.seen(heard).await?;
    }
    hosts.read_store().await
}
