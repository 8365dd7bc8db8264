//! Several wires at once, one topic on all of them, and nothing may be lost.

use anyhow::Result;

use super::{Compared, PAYLOAD, Plan};
use crate::load::{
    run::{Load, Pace, run},
    subject::{PEERS, Program},
    wire::{PROMPT, Wire},
};

/// Publications a second.
const RATE: u32 = 100;

/// Measures ours and the peer that has most of our wires on those that they share.
pub(crate) fn measure(plan: &Plan, programs: &[Program]) -> Result<Compared> {
    let [peer, ..] = PEERS;
    let wires: Vec<&Wire> = PROMPT.into_iter().filter(|wire| peer.speaks(wire)).collect();
    let able: Vec<Program> =
        programs.iter().filter(|program| wires.iter().all(|wire| program.speaks(wire))).copied().collect();
    let subjects = plan.start(&able)?;
    let subscribers: Vec<(&Wire, usize)> =
        wires.into_iter().map(|wire| (wire, wire.subscribers.min(plan.subscribers) / 4)).collect();
    let names: Vec<String> =
        subscribers.iter().map(|(wire, count)| format!("{count} {}", wire.name)).collect();
    let pace = Pace::Steady(RATE);
    let load = Load { pace, bytes: PAYLOAD, time: plan.time };
    let what = format!("{}, {pace}", names.join(" + "));
    plan.take_turns(what, pace, &subjects, |subject| run(subject, &subscribers, load))
}
