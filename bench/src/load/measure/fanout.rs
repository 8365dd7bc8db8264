//! One wire: a thousand subscribers of one topic.

use anyhow::Result;

use super::{Compared, PAYLOAD, Plan, RATE};
use crate::load::{
    run::{Load, run},
    subject::Program,
    wire::WIRES,
};

/// Measures each wire with the programs that have it.
pub(crate) fn measure(plan: &Plan, programs: &[Program]) -> Result<Vec<Compared>> {
    let load = Load { rate: RATE, bytes: PAYLOAD, time: plan.time };
    let mut compared = Vec::new();
    for wire in WIRES {
        let able: Vec<Program> = programs.iter().filter(|program| program.speaks(wire)).copied().collect();
        let subjects = plan.start(&able)?;
        let what = format!("{} {}", plan.subscribers, wire.name);
        compared.push(
            plan.take_turns(what, &subjects, |subject| run(subject, &[(wire, plan.subscribers)], load))?,
        );
    }
    Ok(compared)
}
