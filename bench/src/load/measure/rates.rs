//! Other rates: where the cost of a wake-up shows, and where many publications can go into one write.

use anyhow::Result;

use super::{Compared, PAYLOAD, Plan};
use crate::load::{
    run::{Load, run},
    subject::Program,
    wire::WIRES,
};

/// Publications a second. The last is more than two cores can deliver one by one.
const RATES: [u32; 3] = [20, 200, 400];

/// Measures one round of each wire at each rate.
pub(crate) fn measure(plan: &Plan, programs: &[Program]) -> Result<Vec<Compared>> {
    let mut compared = Vec::new();
    for wire in WIRES {
        let able: Vec<Program> = programs.iter().filter(|program| program.speaks(wire)).copied().collect();
        let subjects = plan.start(&able)?;
        for rate in RATES {
            let once = Plan { rounds: 1, binary: plan.binary.clone(), ..*plan };
            let load = Load { rate, bytes: PAYLOAD, time: plan.time / 2 };
            let what = format!("{} {} at {rate}/s", plan.subscribers, wire.name);
            compared.push(
                once.take_turns(what, &subjects, |subject| run(subject, &[(wire, plan.subscribers)], load))?,
            );
        }
    }
    Ok(compared)
}
