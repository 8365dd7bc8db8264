//! One wire at a time: at rates that it can carry, where latency tells, and as fast as it goes, where cost tells.

use anyhow::Result;

use super::{Compared, PAYLOAD, Plan};
use crate::load::{
    run::{Load, Pace, run},
    subject::Program,
    wire::{WIRES, Wire},
};

/// Subscribers where a server is given all it can take.
const SATURATED: usize = 100;

/// Lists the loads of a wire, each with its number of subscribers. Ten times the publications go to a tenth of the
/// subscribers: to all of them it would be more than two cores can deliver, and every latency would be that of a
/// queue.
fn loads(plan: &Plan, wire: &Wire) -> Vec<(usize, Pace)> {
    let subscribers = wire.subscribers;
    let mut loads = vec![(subscribers, Pace::Steady(20)), (subscribers, Pace::Steady(100))];
    // A second of 1,000 publications is all that a topic keeps: who asks once a second would miss some.
    if wire.period.is_none() {
        loads.extend([(subscribers / 10, Pace::Steady(1000)), (SATURATED, Pace::Saturating)]);
    }
    if !plan.every_rate {
        loads.retain(|(_, pace)| matches!(pace, Pace::Steady(100) | Pace::Saturating));
    }
    loads
}

/// Measures each wire with the programs that have it.
pub(crate) fn measure(plan: &Plan, programs: &[Program]) -> Result<Vec<Compared>> {
    let mut compared = Vec::new();
    for wire in WIRES.iter().filter(|wire| plan.wants(wire)) {
        let able: Vec<Program> = programs.iter().filter(|program| program.speaks(wire)).copied().collect();
        let subjects = plan.start(&able)?;
        for (count, pace) in loads(plan, wire) {
            let load = Load { pace, bytes: PAYLOAD, time: plan.time };
            let what = format!("{count} {}, {pace}", wire.name);
            compared.push(
                plan.take_turns(what, pace, &subjects, |subject| run(subject, &[(wire, count)], load))?,
            );
        }
    }
    Ok(compared)
}
