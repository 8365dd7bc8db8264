//! The upkeep of the list of machines: it follows the store, and the store is told when agents were heard.

use std::time::Duration;

use store::{HostSeen, StoreError};
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
        if let Err(error) = tell_store(&hosts).await {
            tracing::warn!(%error, "the store was not told when hosts were heard");
        }
        if let Err(error) = hosts.read_store().await {
            tracing::warn!(%error, "the hosts in the store could not be read");
        }
        sleep(EVERY).await;
    }
}

async fn tell_store(hosts: &RemoteHosts) -> Result<(), StoreError> {
    let heard: Vec<_> =
        hosts.all().into_iter().filter_map(|host| host.unnoted().map(|at| (host, at))).collect();
    if heard.is_empty() {
        return Ok(());
    }
    let seen = heard.iter().map(|(host, seen_ms)| {
        let facts = serde_json::to_string(&host.facts()).ok();
        HostSeen { id: host.number(), seen_ms: *seen_ms, facts }
    });
    hosts.accounts.store().hosts().seen(seen.collect()).await?;
    heard.iter().for_each(|(host, at)| host.note(*at));
    Ok(())
}
