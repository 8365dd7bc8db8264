//! The usage of containers: each second while someone looks, and every ten for the last hour. It comes from the kernel's own files; of
//! containers that have none on this machine, from the engine, and once a minute while nobody looks.

use std::{collections::HashMap, time::Duration};

use common::{
    container::{ContainerUsage, ContainersUsage},
    host::HostId,
};
use container_engine::{ContainerId, usage::Reading};
use fanout::Hub;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    engine_usage::EngineUsage,
    history::{STEP, UsageHistory},
    meter::{Meter, told},
    table::{ContainerTable, RunningContainer},
};
use crate::watchers::Watchers;

/// The pace while someone looks.
const PACE: Duration = Duration::from_secs(1);
/// An engine is asked for the past once in so many steps while nobody looks.
const STEPS_BETWEEN_QUESTIONS: u32 = 6;

/// Publishes the usage of all containers while someone looks, and keeps the last hour of it, for ever.
pub(super) async fn measure(hub: Hub, table: ContainerTable, engine: EngineUsage, history: UsageHistory) {
    tokio::join!(publish(&hub, &table, &engine), keep(&hub, &table, &engine, &history));
}

async fn publish(hub: &Hub, table: &ContainerTable, engine: &EngineUsage) {
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
            engine.follow(&[]);
            continue;
        }
        let at = hub.clock().unix_millis();
        let Some((mut containers, elsewhere)) = measure_apart(&mut meter, table).await else { continue };
        engine.follow(&elsewhere);
        containers.extend(engine.of(&elsewhere));
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
async fn keep(hub: &Hub, table: &ContainerTable, engine: &EngineUsage, history: &UsageHistory) {
    let mut meter = None;
    let mut before = HashMap::new();
    let mut steps_until_asked = 0;
    let mut ticks = interval(STEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if table.is_empty() {
            meter = None;
            continue;
        }
        let at = hub.clock().unix_millis();
        let Some((mut containers, elsewhere)) = measure_apart(&mut meter, table).await else { continue };
        if engine.is_followed() || steps_until_asked == 0 {
            steps_until_asked = STEPS_BETWEEN_QUESTIONS;
            containers.extend(ask(engine, &elsewhere, &mut before).await);
        }
        steps_until_asked -= 1;
        history.add(at, &containers, |id| table.has(id));
    }
}

/// Asks the engine for the usage of containers since it was asked last.
async fn ask(
    engine: &EngineUsage,
    elsewhere: &[RunningContainer],
    before: &mut HashMap<ContainerId, (u32, Reading)>,
) -> Vec<ContainerUsage> {
    let readings = engine.readings(elsewhere).await;
    let last = std::mem::take(before);
    let usage = |(id, pid, reading): &(ContainerId, u32, Reading)| {
        let limits = &elsewhere.iter().find(|one| one.id == *id)?.limits;
        let earlier = last.get(id).filter(|(known, _)| known == pid).map(|(_, reading)| reading);
        Some(told(id, reading, earlier, limits))
    };
    let told = readings.iter().filter_map(usage).collect();
    *before = readings.into_iter().map(|(id, pid, reading)| (id, (pid, reading))).collect();
    told
}

/// Measures on a thread that may block: these are files of the kernel, some of which it has to compute, and a new meter reads all of this
/// machine's mounts.
async fn measure_apart(
    meter: &mut Option<Meter>,
    table: &ContainerTable,
) -> Option<(Vec<ContainerUsage>, Vec<RunningContainer>)> {
    let (running, taken) = (table.running(), meter.take());
    let measured = tokio::task::spawn_blocking(move || {
        let mut meter = taken.unwrap_or_default();
        let measured = meter.measure(&running);
        (meter, measured)
    });
    match measured.await {
        Ok((back, measured)) => {
            *meter = Some(back);
            Some(measured)
        }
        Err(_) => {
            tracing::error!("the usage of containers could not be measured");
            None
        }
    }
}
