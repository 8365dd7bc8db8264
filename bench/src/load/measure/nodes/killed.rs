//! One node is killed in the middle of a run, not the one that is published to. Its subscribers come back to the others and say where they
//! were.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{spread, start};
use crate::load::{
    measure::{PAYLOAD, Plan},
    payload::PayloadStamp,
    publisher::Publisher,
    subject::{Cluster, ClusterProgram, PULSEBOARD},
    subscriber_pool::SubscriberPool,
    tally::Faults,
    wire::{RESUMED_SOCKET_IO, RESUMED_WEBSOCKET, Wire},
};

/// The outcome of a kill.
#[derive(Debug)]
pub(crate) struct Killed {
    /// The program's name.
    pub(crate) name: &'static str,
    /// The wire of the subscribers.
    pub(crate) wire: &'static str,
    /// Publications while the run lasted.
    pub(crate) publications: u64,
    /// Subscribers in all, and those who had to come back.
    pub(crate) subscribers: (usize, usize),
    /// The faults of all subscribers.
    pub(crate) faults: Faults,
}

const SUBSCRIBERS: usize = 300;
/// Publications a second.
const RATE: f64 = 50.0;
/// The node is killed after this time.
const BEFORE: Duration = Duration::from_secs(2);
/// The last publication comes so long after the kill.
const AFTER: Duration = Duration::from_secs(4);
/// A subscriber comes back after a time between these two, as the client of Socket.IO does by default.
const PAUSE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_millis(1500));
/// The last publications may take this long to reach every subscriber.
const GRACE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(5);
/// The node that is killed; the first is published to.
const VICTIM: usize = 2;

/// Kills a node of each cluster, for each wire in a fresh one.
pub(super) fn measure(plan: &Plan, programs: &[ClusterProgram]) -> Result<Vec<Killed>> {
    let mut all = Vec::new();
    for program in programs {
        let wires: &[(&str, &Wire)] = match program.name == PULSEBOARD.name {
            true => &[("Socket.IO", &RESUMED_SOCKET_IO), ("WebSocket", &RESUMED_WEBSOCKET)],
            false => &[("Socket.IO", &RESUMED_SOCKET_IO)],
        };
        for (name, wire) in wires {
            if !plan.has_time() {
                break;
            }
            let Some(mut cluster) = start(plan, program)? else { break };
            let killed = one(&mut cluster, program.name, (name, wire));
            all.push(killed.with_context(|| format!("while a node of {} was killed", program.name))?);
        }
    }
    Ok(all)
}

fn one(cluster: &mut Cluster, name: &'static str, (shown, wire): (&'static str, &Wire)) -> Result<Killed> {
    let mut pool = SubscriberPool::new()?;
    spread(&mut pool, &cluster.nodes, wire, SUBSCRIBERS)?;
    let mut publisher = Publisher::connect(&cluster.nodes[0])?;
    pool.accompany(&publisher)?;
    let started = Instant::now();
    let (mut number, mut killed_at) = (0, None);
    // Those who come back, and when.
    let mut away: Vec<(Instant, usize)> = Vec::new();
    let mut came_back = 0;
    loop {
        let now = Instant::now();
        let since = now - started;
        if killed_at.is_none() && since >= BEFORE {
            cluster.nodes[VICTIM].kill()?;
            killed_at = Some(now);
        }
        let ended = pool.take_ended();
        let count = ended.len().max(1);
        away.extend(ended.into_iter().enumerate().map(|(nth, place)| {
            (now + PAUSE.0 + (PAUSE.1 - PAUSE.0).mul_f64(nth as f64 / count as f64), place)
        }));
        if let Some(next) = away.iter().position(|(due, _)| *due <= now) {
            let (_, place) = away.swap_remove(next);
            pool.resume(place, &cluster.nodes[place % VICTIM], wire)?;
            came_back += 1;
        }
        if since < BEFORE + AFTER {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
            let due = (since.as_secs_f64() * RATE) as u64 + 1;
            while number < due {
                number += 1;
                publisher.prepare(PayloadStamp { number, sent_at: 0 }, PAYLOAD);
            }
            publisher.send()?;
        } else if (publisher.is_answered() && pool.is_complete(number)) || since >= BEFORE + AFTER + GRACE {
            break;
        }
        pool.turn(LOOK, Some(&mut publisher), &mut |_, _| ())?;
    }
    let faults = pool.faults(number);
    eprintln!("  {name}, {shown}: {came_back} of {SUBSCRIBERS} came back to another node, {faults:?}");
    Ok(Killed { name, wire: shown, publications: number, subscribers: (SUBSCRIBERS, came_back), faults })
}
