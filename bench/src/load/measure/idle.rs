//! What a connection costs that hears nothing.

use std::time::Duration;

use anyhow::Result;

use super::Plan;
use crate::load::{crowd::Crowd, pause::pause, subject::Program, wire::WIRES, wire::Wire};

/// Resident memory of idle connections.
#[derive(Debug)]
pub(crate) struct Idle {
    /// Whose.
    pub(crate) name: &'static str,
    /// On which wire.
    pub(crate) wire: &'static str,
    /// Resident bytes before anyone came.
    pub(crate) empty: u64,
    /// For each count of connections, bytes for each of them.
    pub(crate) each: Vec<(usize, f64)>,
}

/// Connections that come and go first: what only the first ones cost is not theirs.
const FIRST: usize = 32;
/// Time for allocators to give back what connecting took.
const SETTLE: Duration = Duration::from_millis(1500);

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
    Crowd::new()?.join(&subject, wire, FIRST, 1)?;
    pause(SETTLE);
    let empty = subject.resident()?;
    let mut crowd = Crowd::new()?;
    let mut each = Vec::new();
    for count in plan.idle {
        crowd.join(&subject, wire, count - crowd.len(), 1)?;
        pause(SETTLE);
        let grown = subject.resident()?.saturating_sub(empty);
        each.push((count, grown as f64 / count as f64));
        eprintln!(
            "  {count} idle {}, {}: {:.0} bytes each",
            wire.name,
            subject.name,
            grown as f64 / count as f64
        );
    }
    Ok(Some(Idle { name: subject.name, wire: wire.name, empty, each }))
}
