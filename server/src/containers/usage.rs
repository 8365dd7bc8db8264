//! The usage of containers, from the kernel's own files: each second while someone looks, and every ten for the last hour.

use std::{collections::HashMap, time::Duration};

use common::{
    container::{ContainerUsage, ContainersUsage},
    host::HostId,
};
use container_engine::{
    ContainerId, Limits,
    cgroup::CgroupFinder,
    usage::{Reading, usage},
};
use fanout::Hub;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    history::{STEP, UsageHistory},
    table::{ContainerTable, RunningContainer},
};
use crate::watchers::Watchers;

/// The pace while someone looks.
const PACE: Duration = Duration::from_secs(1);

/// Publishes the usage of all containers while someone looks, and keeps the last hour of it, for ever.
pub(super) async fn measure(hub: Hub, table: ContainerTable, history: UsageHistory) {
    tokio::join!(publish(&hub, &table), keep(&hub, &table, &history));
}

async fn publish(hub: &Hub, table: &ContainerTable) {
    let topic = HostId::local().containers_usage_topic();
    let mut watchers = Watchers::new(hub.clone(), topic.clone());
    // Made when someone comes.
    let mut meter = None;
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if !watchers.are_there(Instant::now().into_std()) || !hub.is_first_node() {
            meter = None;
            continue;
        }
        let at = hub.clock().unix_millis();
        let Some(containers) = measure_apart(&mut meter, table).await else { continue };
        let told = ContainersUsage { at, containers };
        match serde_json::to_vec(&told) {
            Ok(payload) => {
                if let Err(error) = hub.publish(&topic, payload.into()) {
                    tracing::debug!(%error, "the usage of containers was not published");
                }
            }
            Err(error) => tracing::error!(%error, "the usage of containers cannot be told"),
        }
    }
}

/// Its meter is its own: a rate is the average over the whole step.
async fn keep(hub: &Hub, table: &ContainerTable, history: &UsageHistory) {
    let mut meter = None;
    let mut ticks = interval(STEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if table.is_empty() {
            meter = None;
            continue;
        }
        let at = hub.clock().unix_millis();
        if let Some(containers) = measure_apart(&mut meter, table).await {
            history.add(at, &containers, |id| table.has(id));
        }
    }
}

/// Measures on a thread that may block: these are files of the kernel, some of which it has to compute, and a new meter reads all of this
/// machine's mounts.
async fn measure_apart(meter: &mut Option<Meter>, table: &ContainerTable) -> Option<Vec<ContainerUsage>> {
    let (running, taken) = (table.running(), meter.take());
    let measured = tokio::task::spawn_blocking(move || {
        let mut meter = taken.unwrap_or_default();
        let containers = meter.measure(&running);
        (meter, containers)
    });
    match measured.await {
        Ok((back, containers)) => {
            *meter = Some(back);
            Some(containers)
        }
        Err(_) => {
            tracing::error!("the usage of containers could not be measured");
            None
        }
    }
}

/// The last readings.
#[derive(Debug)]
struct Meter {
    finder: CgroupFinder,
    before: HashMap<ContainerId, (u32, Reading)>,
}

impl Default for Meter {
    fn default() -> Self {
        Self { finder: CgroupFinder::new(), before: HashMap::new() }
    }
}

impl Meter {
    /// Reads all that can be read. A container that has just started has no rates yet, but memory.
    fn measure(&mut self, running: &[RunningContainer]) -> Vec<ContainerUsage> {
        let mut now = HashMap::with_capacity(running.len());
        let mut told = Vec::with_capacity(running.len());
        for RunningContainer { id, pid, limits } in running {
            let Ok(reading) = self.finder.find(id, *pid).and_then(|files| files.read()) else { continue };
            let before = self.before.get(id).filter(|(known, _)| known == pid).map(|(_, reading)| reading);
            told.push(self::told(id, &reading, before, limits));
            now.insert(id.clone(), (*pid, reading));
        }
        self.before = now;
        told
    }
}

fn told(id: &ContainerId, reading: &Reading, before: Option<&Reading>, limits: &Limits) -> ContainerUsage {
    let rates = before.and_then(|before| usage(before, reading, limits));
    let network = rates.as_ref().and_then(|rates| rates.network);
    let disks = rates.as_ref().and_then(|rates| rates.disks);
    ContainerUsage {
        id: id.to_string(),
        cpu: rates.as_ref().map(|rates| rounded(100.0 * rates.cpus)),
        memory: reading.memory.map(|(bytes, _)| bytes),
        received: network.map(|rates| rates.received.round()),
        sent: network.map(|rates| rates.sent.round()),
        read: disks.map(|rates| rates.received.round()),
        written: disks.map(|rates| rates.sent.round()),
    }
}

/// To a hundredth: more digits are noise, and bytes on every wire.
fn rounded(value: f64) -> f64 {
    (100.0 * value).round() / 100.0
}

#[cfg(test)]
mod tests {
    use container_engine::usage::{MemoryBasis, Transferred};

    use super::*;

    #[test]
    fn the_first_reading_has_levels_and_the_second_rates() {
        let id: ContainerId = "0123456789ab".parse().expect("an id");
        let at = |seconds: u64, cpu: u64| Reading {
            at: seconds * 1_000_000_000,
            cpu,
            memory: Some((4_096, MemoryBasis::WithoutInactiveFile)),
            network: Some(Transferred { received: 100 * seconds, sent: 0 }),
            ..Reading::default()
        };
        let first = told(&id, &at(1, 0), None, &Limits::default());
        assert_eq!((first.cpu, first.memory, first.received, first.read), (None, Some(4_096), None, None));
        let second = told(&id, &at(3, 500_000_000), Some(&at(1, 0)), &Limits::default());
        assert_eq!((second.cpu, second.received, second.sent), (Some(25.0), Some(100.0), Some(0.0)));
    }
}
