//! Subscribers that never read, among as many that do.

use std::time::Duration;

use anyhow::Result;

use super::{PAYLOAD, Plan, SETTLE};
use crate::load::{
    pause::pause,
    process,
    run::{Load, Outcome, Pace, run},
    stats::median,
    subject::{PULSEBOARD, Subject},
    subscriber::Subscriber,
    tally::Faults,
    wire::PUSHED,
};

/// The cost of stalled readers.
#[derive(Debug)]
pub(crate) struct Stalled {
    /// The load: the publications and their readers.
    pub(crate) what: String,
    /// Rates that were tried first and were more than the machine carries, and how that showed.
    pub(crate) too_many: Vec<String>,
    /// Resident bytes of the server for each stalled reader.
    pub(crate) memory: f64,
    /// The most bytes that the kernel held for one of them.
    pub(crate) queued: u64,
    /// The others' p99, without and with the stalled ones, for each pair, milliseconds.
    pub(crate) p99: Vec<(f64, f64)>,
    /// The faults of the other readers.
    pub(crate) faults: Faults,
}

struct Case {
    bytes: usize,
    /// Publications a second; the first that the machine carries is taken.
    rates: &'static [u32],
    stalled: usize,
}

/// Large payloads fill every buffer of a stalled reader; fewer a second, for each goes to a thousand others.
const CASES: [Case; 2] = [
    Case { bytes: PAYLOAD, rates: &[1000, 500, 200, 100], stalled: 1000 },
    Case { bytes: 16 * 1024, rates: &[20, 10, 5], stalled: 100 },
];
/// A rate is carried while all hear everything and p99 stays below this: beyond, the figures would be those of a queue.
const CARRIED_MS: f64 = 50.0;
/// A rate is tried for this long.
const TRIAL: Duration = Duration::from_secs(2);
/// More publications than a topic keeps: a history that fills would count as the stalled readers' memory.
const FILLING: Load = Load { pace: Pace::Steady(800), bytes: 0, time: Duration::from_secs(1) };

/// Measures small and large publications.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<Stalled>> {
    let mut all = Vec::new();
    for case in &CASES {
        if plan.has_time() {
            all.push(one(plan, case)?);
        }
    }
    Ok(all)
}

fn one(plan: &Plan, case: &Case) -> Result<Stalled> {
    let subject = (PULSEBOARD.start)(&plan.binary)?;
    run(&subject, &PUSHED.map(|wire| (wire, 1)), Load { bytes: case.bytes, ..FILLING })?;
    let healthy = PUSHED.map(|wire| (wire, plan.subscribers / PUSHED.len()));
    let publish =
        |rate, time| run(&subject, &healthy, Load { pace: Pace::Steady(rate), bytes: case.bytes, time });

    let mut faults = Faults::default();
    let mut too_many = Vec::new();
    let mut rate = 0;
    for &tried in case.rates {
        rate = tried;
        if case.rates.last() == Some(&tried) {
            break;
        }
        let trial = publish(tried, TRIAL)?;
        let p99 = trial.latency_ms(0.99);
        if trial.faults == Faults::default() && p99 <= CARRIED_MS {
            break;
        }
        too_many.push(match trial.faults.lost {
            0 => format!("{tried}/s (p99 {p99:.0} ms)"),
            lost => format!("{tried}/s ({lost} not heard in time)"),
        });
    }
    let what = format!("{} bytes, {rate}/s, {} stalled among {}", case.bytes, case.stalled, plan.subscribers);
    let mut with = |count: usize| -> Result<(Outcome, u64)> {
        let stalled = stall(&subject, count)?;
        let outcome = publish(rate, plan.time)?;
        let queued = process::send_queues(subject.address.port())?.into_iter().max().unwrap_or(0);
        eprintln!(
            "  {what}: with {} of them p99 of the others {:.2} ms, {} KiB resident, {queued} bytes queued",
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
    for _ in 0..plan.rounds {
        let (none, _) = with(0)?;
        let (many, queued) = with(case.stalled)?;
        p99.push((none.latency_ms(0.99), many.latency_ms(0.99)));
        memory.push((many.resident as f64 - none.resident as f64) / case.stalled as f64);
        most_queued = most_queued.max(queued);
    }
    Ok(Stalled {
        what: what.clone(),
        too_many,
        memory: median(&memory).max(0.0),
        queued: most_queued,
        p99,
        faults,
    })
}

fn stall(subject: &Subject, count: usize) -> Result<Vec<Subscriber>> {
    (0..count).map(|place| Subscriber::stalled(subject, PUSHED[place % PUSHED.len()])).collect()
}
