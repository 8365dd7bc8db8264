//! A subscriber that never reads, among a thousand that do.

use std::{net::TcpStream, time::Duration};

use anyhow::Result;

use super::{PAYLOAD, Plan, RATE, SETTLE};
use crate::load::{
    pause::pause,
    process,
    run::{Load, Outcome, run},
    stats::median,
    subject::{PULSEBOARD, Subject},
    subscriber,
    tally::Faults,
    wire::WIRES,
};

/// What stalled readers cost.
#[derive(Debug)]
pub(crate) struct Stalled {
    /// What was published.
    pub(crate) what: String,
    /// Resident bytes of the server for each stalled reader; many are measured, for one is lost in the noise.
    pub(crate) memory: f64,
    /// The most bytes that the kernel held for one of them.
    pub(crate) queued: u64,
    /// The others' p99, without and with one stalled reader, for each pair, milliseconds.
    pub(crate) p99: Vec<(f64, f64)>,
    /// What went wrong for the others.
    pub(crate) faults: Faults,
}

/// Stalled readers at once where memory is measured.
const MANY: usize = 32;
/// Large payloads fill every buffer of a stalled reader; fewer a second, for each goes to a thousand others.
const LARGE: (usize, u32) = (16 * 1024, 20);

/// More publications than a topic keeps.
const FILLING: Load = Load { rate: 800, bytes: 0, time: Duration::from_secs(1) };

/// Measures small and large publications.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<Stalled>> {
    let mut all = Vec::new();
    for (bytes, rate) in [(PAYLOAD, RATE), LARGE] {
        if plan.has_time() {
            all.push(one(plan, Load { rate, bytes, time: plan.time })?);
        }
    }
    Ok(all)
}

fn one(plan: &Plan, load: Load) -> Result<Stalled> {
    let subject = (PULSEBOARD.start)(&plan.binary)?;
    let what = format!("{} bytes, {}/s", load.bytes, load.rate);
    // A history that is full when it begins: one that fills would count as the stalled readers' memory.
    run(&subject, &WIRES.map(|wire| (wire, 1)), Load { bytes: load.bytes, ..FILLING })?;
    let mut faults = Faults::default();
    let mut with = |stalled: usize| -> Result<(Outcome, u64)> {
        let stalled = stall(&subject, stalled)?;
        let outcome = run(&subject, &WIRES.map(|wire| (wire, plan.subscribers / 2)), load)?;
        let queued = process::send_queues(subject.address.port())?.into_iter().max().unwrap_or(0);
        eprintln!(
            "  {what}, {} stalled: p99 of the others {:.2} ms, {} KiB resident, {queued} bytes queued",
            stalled.len(),
            outcome.latency_ms(0.99),
            outcome.resident / 1024,
        );
        drop(stalled);
        pause(SETTLE);
        faults += outcome.faults;
        Ok((outcome, queued))
    };
    let (mut p99, mut memory, mut most_queued) = (Vec::new(), Vec::new(), 0);
    for _ in 0..plan.rounds.min(2) {
        let (none, _) = with(0)?;
        let (single, _) = with(1)?;
        let (many, queued) = with(MANY)?;
        p99.push((none.latency_ms(0.99), single.latency_ms(0.99)));
        memory.push((many.resident as f64 - none.resident as f64) / MANY as f64);
        most_queued = most_queued.max(queued);
    }
    Ok(Stalled { what: what.clone(), memory: median(&memory).max(0.0), queued: most_queued, p99, faults })
}

fn stall(subject: &Subject, count: usize) -> Result<Vec<TcpStream>> {
    (0..count).map(|place| subscriber::stalled(subject, WIRES[place % WIRES.len()])).collect()
}
