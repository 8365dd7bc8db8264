//! One run: a crowd, a publisher at a steady rate, and what the server used meanwhile.

use std::{
    cell::Cell,
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;

use super::{
    machine::CoreTime, measured::Measured, pause::pause, payload::PayloadStamp, process, subject::Subject,
    subscriber::Traffic, subscriber_pool::SubscriberPool, tally::Faults, wire::Wire,
};

/// The load of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// The pace of the publications.
    pub(crate) pace: Pace,
    /// Payload, bytes.
    pub(crate) bytes: usize,
    /// Figures are taken for this long; before that, [`WARM_UP`] is checked for order but not measured.
    pub(crate) time: Duration,
}

/// The pace of the publications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// So many a second.
    Steady(u32),
    /// As many as reach everyone: at most [`AHEAD`] are given before the slowest subscriber has heard them.
    Saturating,
}

/// Far fewer than a topic keeps, so that no server has to drop any; enough for many to ride in one write.
pub(crate) const AHEAD: u64 = 256;

impl fmt::Display for Pace {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steady(rate) => write!(to, "{rate}/s"),
            Self::Saturating => write!(to, "saturated"),
        }
    }
}

impl Pace {
    /// The last publication that may be given this long after the first.
    fn due(self, since: Duration, subscribers: &SubscriberPool) -> u64 {
        match self {
            Self::Steady(0) => 0,
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand")]
            Self::Steady(rate) => (since.as_secs_f64() * f64::from(rate)) as u64 + 1,
            Self::Saturating => subscribers.all_received() + AHEAD,
        }
    }

    /// Returns the time until the publication after this one is due.
    fn wait(self, number: u64, since: Duration) -> Duration {
        match self {
            Self::Steady(0) | Self::Saturating => LOOK,
            Self::Steady(rate) => {
                Duration::from_secs_f64(number as f64 / f64::from(rate)).saturating_sub(since)
            }
        }
    }
}

/// The result of a run.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// From just before a publication was written until just after a subscriber read it, nanoseconds.
    pub(crate) latency: Histogram<u64>,
    /// Publications, warm-up and all.
    pub(crate) publications: u64,
    /// Deliveries that were measured.
    pub(crate) deliveries: u64,
    /// The traffic on the subscribers' sockets for the deliveries.
    pub(crate) traffic: Traffic,
    /// The CPU time of the server's processes for the deliveries, seconds.
    pub(crate) cpu: f64,
    /// The part of it that several nodes' common store used.
    pub(crate) store_cpu: f64,
    /// The CPU time of the load generator, seconds.
    pub(crate) own_cpu: f64,
    /// The share of all cores that neither of them used, but someone.
    pub(crate) foreign: f64,
    /// The duration of the measurement, seconds.
    pub(crate) elapsed: f64,
    /// The faults of the deliveries, with the warm-up.
    pub(crate) faults: Faults,
    /// Resident bytes at the end, everyone still connected.
    pub(crate) resident: u64,
}

/// Time for a server to have read what waits for no answer: there is no other sign of it.
const UNANSWERED: Duration = Duration::from_millis(300);
/// Time for caches, allocators and the scheduler to settle.
const WARM_UP: Duration = Duration::from_millis(700);
/// The last publications may take this long to reach every subscriber.
const GRACE: Duration = Duration::from_secs(10);
/// The longest wait at once while only the last deliveries are due.
const LOOK: Duration = Duration::from_millis(5);
/// Latencies beyond this count as this, nanoseconds.
const SLOWEST: u64 = 60_000_000_000;

/// Connects `subscribers` subscribers, publishes, and waits until all have heard all.
pub(crate) fn run(subject: &Subject, subscribers: &[(&Wire, usize)], load: Load) -> Result<Outcome> {
    let mut all = SubscriberPool::new()?;
    for &(wire, count) in subscribers {
        all.join(subject, wire, count, 1)?;
        if subject.dialect(wire)?.1.accepted.is_none() {
            pause(UNANSWERED);
        }
    }
    publish(subject, &mut all, load)
}

/// Publishes, and waits until all subscribers have heard all.
pub(crate) fn publish(
    subject: &impl Measured,
    subscribers: &mut SubscriberPool,
    load: Load,
) -> Result<Outcome> {
    measure(subject, subscribers, load).with_context(|| format!("while measuring {}", subject.name()))
}

fn measure(subject: &impl Measured, subscribers: &mut SubscriberPool, load: Load) -> Result<Outcome> {
    let mut publisher = subject.publisher()?;
    subscribers.accompany(&publisher)?;
    let clock = Clock(Instant::now());
    let mut latency = Histogram::new_with_max(SLOWEST, 3)?;
    // The last publication of the warm-up; until that is over, any.
    let warm = Cell::new(u64::MAX);
    let mut on_publication = |mark: PayloadStamp, now: Instant| {
        if mark.number > warm.get() {
            latency.saturating_record(clock.at(now).saturating_sub(mark.sent_at).max(1));
        }
    };
    let mut before = ResourceUsage::now(subject, subscribers)?;
    let mut number = 0;
    let mut end = None;
    loop {
        let since = clock.0.elapsed();
        match end {
            None if since >= WARM_UP => {
                before = ResourceUsage::now(subject, subscribers)?;
                warm.set(number);
                // From here on, not from when it was due: a server that does not take a publication holds us up.
                end = Some(since + load.time);
            }
            Some(end) if since >= end => break,
            _ => {}
        }
        let due = load.pace.due(since, subscribers);
        while number < due {
            number += 1;
            publisher.prepare(PayloadStamp { number, sent_at: clock.at(Instant::now()) }, load.bytes);
        }
        publisher.send()?;
        subscribers.turn(load.pace.wait(number, since), Some(&mut publisher), &mut on_publication)?;
    }
    let sent_all = Instant::now();
    while !(publisher.is_answered() && subscribers.is_complete(number)) && sent_all.elapsed() < GRACE {
        subscribers.turn(LOOK, Some(&mut publisher), &mut on_publication)?;
    }
    let after = ResourceUsage::now(subject, subscribers)?;
    let (cpu, own_cpu) = (after.cpu - before.cpu, after.own_cpu - before.own_cpu);
    Ok(Outcome {
        latency,
        publications: number,
        deliveries: after.heard - before.heard,
        traffic: Traffic {
            bytes: after.traffic.bytes - before.traffic.bytes,
            said: after.traffic.said - before.traffic.said,
        },
        cpu,
        store_cpu: after.store_cpu - before.store_cpu,
        own_cpu,
        foreign: after.cores.foreign_since(before.cores, cpu + own_cpu),
        elapsed: (after.at - before.at).as_secs_f64(),
        faults: subscribers.faults(number),
        resident: process::resident(&subject.pids()?)?,
    })
}

/// The load generator's clock, nanoseconds.
struct Clock(Instant);

impl Clock {
    fn at(&self, moment: Instant) -> u64 {
        u64::try_from(moment.saturating_duration_since(self.0).as_nanos()).unwrap_or(u64::MAX)
    }
}

/// The resources used up to a moment.
struct ResourceUsage {
    at: Instant,
    cpu: f64,
    store_cpu: f64,
    own_cpu: f64,
    cores: CoreTime,
    heard: u64,
    traffic: Traffic,
}

impl ResourceUsage {
    fn now(subject: &impl Measured, subscribers: &SubscriberPool) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            cpu: process::cpu_seconds(&subject.pids()?)?,
            store_cpu: process::cpu_seconds(&subject.store_pids())?,
            own_cpu: process::cpu_seconds(&[std::process::id()])?,
            cores: CoreTime::now()?,
            heard: subscribers.received(),
            traffic: subscribers.traffic(),
        })
    }
}

impl Outcome {
    /// Microseconds of the server's CPU for one delivery.
    pub(crate) fn cpu_per_delivery(&self) -> f64 {
        1e6 * self.cpu / self.deliveries.max(1) as f64
    }

    /// Deliveries for one second of the server's CPU.
    pub(crate) fn deliveries_per_cpu(&self) -> f64 {
        self.deliveries as f64 / self.cpu.max(0.01)
    }

    /// Bytes between server and subscribers for one delivery.
    pub(crate) fn bytes_per_delivery(&self) -> f64 {
        self.traffic.bytes as f64 / self.deliveries.max(1) as f64
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
