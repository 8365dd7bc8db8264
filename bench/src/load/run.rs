//! One run: a crowd, a publisher at a steady rate, and what the server used meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;

use super::{
    crowd::Crowd, machine::CoreTime, payload::Mark, process, publisher::Publisher, subject::Subject,
    tally::Faults, wire::Wire,
};

/// What is published.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Publications a second.
    pub(crate) rate: u32,
    /// Payload, bytes.
    pub(crate) bytes: usize,
    /// How long figures are taken; before that, [`WARM_UP`] is checked for order but not measured.
    pub(crate) time: Duration,
}

/// What came out.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// From just before a publication was written until just after a subscriber read it, nanoseconds.
    pub(crate) latency: Histogram<u64>,
    /// Deliveries that were measured.
    pub(crate) deliveries: u64,
    /// What the server's processes used for them, CPU seconds.
    pub(crate) cpu: f64,
    /// What the load generator used, CPU seconds.
    pub(crate) own_cpu: f64,
    /// The share of all cores that neither of them used, but someone.
    pub(crate) foreign: f64,
    /// How long it took, seconds.
    pub(crate) elapsed: f64,
    /// What was wrong, warm-up and all.
    pub(crate) faults: Faults,
    /// Resident bytes at the end, everyone still connected.
    pub(crate) resident: u64,
}

/// Time for caches, allocators and the scheduler to settle.
const WARM_UP: Duration = Duration::from_millis(700);
/// How long the last publications may take to reach everyone.
const GRACE: Duration = Duration::from_secs(10);
/// The longest wait at once while only the last deliveries are due.
const LOOK: Duration = Duration::from_millis(5);
/// Latencies beyond this count as this, nanoseconds.
const SLOWEST: u64 = 60_000_000_000;

/// Connects `crowd` subscribers, publishes, and waits until all have heard all.
pub(crate) fn run(subject: &Subject, crowd: &[(&Wire, usize)], load: Load) -> Result<Outcome> {
    let mut all = Crowd::new()?;
    for &(wire, count) in crowd {
        all.join(subject, wire, count, 1)?;
    }
    publish(subject, &mut all, load).with_context(|| format!("while measuring {}", subject.name))
}

fn publish(subject: &Subject, crowd: &mut Crowd, load: Load) -> Result<Outcome> {
    let mut publisher = Publisher::connect(subject)?;
    crowd.accompany(&publisher)?;
    let count = |time: Duration| (time.as_secs_f64() * f64::from(load.rate)).ceil() as u64;
    let (warm, last) = (count(WARM_UP), count(WARM_UP) + count(load.time));
    let interval = Duration::from_secs(1) / load.rate;

    let clock = Clock(Instant::now());
    let mut latency = Histogram::new_with_max(SLOWEST, 3)?;
    let mut hear = |mark: Mark, now: Instant| {
        if mark.number > warm {
            latency.saturating_record(clock.at(now).saturating_sub(mark.sent_at).max(1));
        }
    };
    let mut before = Used::now(subject, crowd)?;
    let mut due = Instant::now();
    let mut number = 0;
    while number < last {
        let now = Instant::now();
        if now < due {
            crowd.turn(due - now, &mut publisher, &mut hear)?;
            continue;
        }
        if number == warm {
            before = Used::now(subject, crowd)?;
        }
        number += 1;
        publisher.publish(Mark { number, sent_at: clock.at(Instant::now()) }, load.bytes)?;
        due += interval;
    }
    let sent_all = Instant::now();
    while !(publisher.is_answered() && crowd.is_complete(last)) && sent_all.elapsed() < GRACE {
        crowd.turn(LOOK, &mut publisher, &mut hear)?;
    }
    let after = Used::now(subject, crowd)?;
    let (cpu, own_cpu) = (after.cpu - before.cpu, after.own_cpu - before.own_cpu);
    Ok(Outcome {
        latency,
        deliveries: after.heard - before.heard,
        cpu,
        own_cpu,
        foreign: after.cores.foreign_since(before.cores, cpu + own_cpu),
        elapsed: (after.at - before.at).as_secs_f64(),
        faults: crowd.faults(last),
        resident: subject.resident()?,
    })
}

/// The load generator's clock, nanoseconds.
struct Clock(Instant);

impl Clock {
    fn at(&self, moment: Instant) -> u64 {
        u64::try_from(moment.saturating_duration_since(self.0).as_nanos()).unwrap_or(u64::MAX)
    }
}

/// What was used up to a moment.
struct Used {
    at: Instant,
    cpu: f64,
    own_cpu: f64,
    cores: CoreTime,
    heard: u64,
}

impl Used {
    fn now(subject: &Subject, crowd: &Crowd) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            cpu: subject.cpu_seconds()?,
            own_cpu: process::cpu_seconds(&[std::process::id()])?,
            cores: CoreTime::now()?,
            heard: crowd.heard(),
        })
    }
}

impl Outcome {
    /// Microseconds of the server's CPU for one delivery.
    pub(crate) fn cpu_per_delivery(&self) -> f64 {
        1e6 * self.cpu / self.deliveries.max(1) as f64
    }

    /// Microseconds of the load generator's CPU for one delivery.
    pub(crate) fn own_cpu_per_delivery(&self) -> f64 {
        1e6 * self.own_cpu / self.deliveries.max(1) as f64
    }

    /// A latency, milliseconds.
    pub(crate) fn latency_ms(&self, quantile: f64) -> f64 {
        self.latency.value_at_quantile(quantile) as f64 / 1e6
    }
}
