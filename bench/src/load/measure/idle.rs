//! Measures the cost of an idle connection.

use anyhow::Result;

use super::Plan;
use crate::load::{pause::pause, subject::Program, subscriber_pool::SubscriberPool, wire::WIRES, wire::Wire};

/// Resident memory of idle connections.
#[derive(Debug)]
pub(crate) struct Idle {
    /// The program's name.
    pub(crate) name: &'static str,
    /// On which wire.
    pub(crate) wire: &'static str,
    /// Resident bytes before anyone came.
    pub(crate) empty: u64,
    /// Connections, and resident bytes with them.
    pub(crate) grown: Vec<(usize, u64)>,
}

impl Idle {
    /// Bytes for each of all connections, and for each of those that came last. What empties while others come
    /// makes the first too low, what is taken in large pieces makes it too high.
    pub(crate) fn each(&self) -> Option<(f64, f64)> {
        let [.., (few, before), (many, after)] = self.grown[..] else { return None };
        let all = after.saturating_sub(self.empty) as f64 / many as f64;
        let last = after.saturating_sub(before) as f64 / (many - few) as f64;
        Some((all, last))
    }
}

/// Connections that come and go first: what only the first ones cost is not theirs.
const FIRST: usize = 32;

/// Measures every program on every wire it has, each time in a fresh process.
pub(crate) fn measure(plan: &Plan, programs: &[Program]) -> Result<Vec<Idle>> {
    let mut all = Vec::new();
    for wire in WIRES {
        for program in programs.iter().filter(|program| program.speaks(wire)) {
            all.extend(one(plan, program, wire)?);
        }
    }
    Ok(all)
}

fn one(plan: &Plan, program: &Program, wire: &'static Wire) -> Result<Option<Idle>> {
    if !plan.has_time() {
        return Ok(None);
    }
    let started = plan.start_one(program)?;
    let Some(subject) = started else { return Ok(None) };
    SubscriberPool::new()?.join(&subject, wire, FIRST, 1)?;
    pause(plan.settle);
    let empty = subject.resident()?;
    let mut subscribers = SubscriberPool::new()?;
    let mut grown = Vec::new();
    let most = wire.most.min(plan.idle[1]);
    for count in plan.idle.map(|count| count * most / plan.idle[1]) {
        subscribers.join(&subject, wire, count - subscribers.len(), 1)?;
        pause(plan.settle);
        grown.push((count, subject.resident()?));
    }
    let idle = Idle { name: subject.name, wire: wire.name, empty, grown };
    if let Some((all, last)) = idle.each() {
        eprintln!("  idle {}, {}: {all:.0} bytes each, {last:.0} each of the last", wire.name, subject.name);
    }
    Ok(Some(idle))
}
