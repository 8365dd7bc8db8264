//! The usage of containers: each second while someone looks, and in longer steps for the last hour. It comes from the kernel's own files; of
//! containers that have none on this machine, from the engine, and once a minute while nobody looks.

use std::{collections::HashMap, time::Duration};

use common::container::{ContainerUsage, ContainersUsage};
use container_engine::{ContainerId, usage::Reading};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    engine_usage::EngineUsage,
    meter::{Meter, told},
    sink::UsageSink,
    table::{ContainerTable, RunningContainer},
};

/// The pace while someone looks.
const PACE: Duration = Duration::from_secs(1);
/// An engine is asked for the past so often while nobody looks.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(60);

/// Tells the usage of all containers while someone looks, and keeps it step by step, for ever.
pub(crate) async fn measure<S: UsageSink>(sink: S, table: ContainerTable, engine: EngineUsage) {
    tokio::join!(tell(&sink, &table, &engine), keep(&sink, &table, &engine));
}

async fn tell<S: UsageSink>(sink: &S, table: &ContainerTable, engine: &EngineUsage) {
    // Made when someone comes.
    let mut meter = None;
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if !sink.is_watched() {
            meter = None;
            engine.follow(&[]);
            continue;
        }
        let at = sink.now_ms();
        let Some((mut containers, elsewhere)) = measure_apart(&mut meter, table).await else { continue };
        engine.follow(&elsewhere);
        containers.extend(engine.of(&elsewhere));
        sink.tell_usage(ContainersUsage { at, containers });
    }
}

/// Its meter is its own: a rate is the average over the whole step.
async fn keep<S: UsageSink>(sink: &S, table: &ContainerTable, engine: &EngineUsage) {
    let mut meter = None;
    let mut before = HashMap::new();
    let mut asked: Option<Instant> = None;
    let mut ticks = interval(S::STEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if table.is_empty() {
            meter = None;
            continue;
        }
        let at = sink.now_ms();
        let Some((mut containers, elsewhere)) = measure_apart(&mut meter, table).await else { continue };
        if engine.is_followed() || asked.is_none_or(|asked| asked.elapsed() + S::STEP / 2 > BETWEEN_QUESTIONS)
        {
            asked = Some(Instant::now());
            containers.extend(ask(engine, &elsewhere, &mut before).await);
        }
        sink.keep_usage(ContainersUsage { at, containers });
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
