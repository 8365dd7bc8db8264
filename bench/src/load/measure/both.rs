//! Both wires at once: a thousand subscribers on each, and nothing may be lost.

use anyhow::Result;

use super::{Compared, PAYLOAD, Plan, RATE};
use crate::load::{
    run::{Load, run},
    subject::Program,
    wire::WIRES,
};

/// Measures the programs that have all wires.
pub(crate) fn measure(plan: &Plan, programs: &[Program]) -> Result<Compared> {
    let load = Load { rate: RATE, bytes: PAYLOAD, time: plan.time };
    let able: Vec<Program> =
        programs.iter().filter(|program| WIRES.iter().all(|wire| program.speaks(wire))).copied().collect();
    let subjects = plan.start(&able)?;
    let crowd = WIRES.map(|wire| (wire, plan.subscribers));
    let what = crowd.map(|(wire, count)| format!("{count} {}", wire.name)).join(" + ");
    plan.take_turns(what, &subjects, |subject| run(subject, &crowd, load))
}
