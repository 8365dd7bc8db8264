//! The upkeep of the list of machines: it follows the store, and the store is told when agents were heard.

use std::time::Duration;

use common::host_status::HostLiveness;
use store::{HostSeen, StoreError};
use tokio::time::sleep;

use super::registry::RemoteHosts;
use crate::tasks::Task;

/// The store is read and told at this pace.
const EVERY: Duration = Duration::from_secs(10);

/// It is looked this often which agents are heard.
const LOOK: Duration = Duration::from_secs(1);

/// The tasks that do it.
pub(in crate::hosts) fn tasks(hosts: &RemoteHosts) -> Vec<Task> {
    let (stored, heard) = (hosts.clone(), hosts.clone());
    vec![
        Task::new("hosts", move || run(stored.clone())),
        Task::new("containers of hosts", move || watch_containers(heard.clone())),
    ]
}

/// Tells those who follow a host's containers when its agent is not heard any more.
async fn watch_containers(hosts: RemoteHosts) {
    loop {
        sleep(LOOK).await;
        for host in hosts.all() {
            let is_heard = host.liveness() == HostLiveness::Online;
            host.containers.set_heard(is_heard, host.state().heard_ms).await;
        }
    }
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
