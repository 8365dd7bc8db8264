//! Readers while the journal's disk is slow: someone publishes on a topic that is stored, and others follow topics that are not, or read what
//! is stored. A publication waits for its write by contract, and so do those who follow that very topic; nobody else may.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use hdrhistogram::Histogram;

use super::{PAYLOAD, Plan};
use crate::load::{
    pause::pause,
    run::{Load, Outcome, Pace, run},
    subject::{LAB_NAMES, Subject, start_on_disk},
    subscriber::Subscriber,
    subscriber_pool::SubscriberPool,
    tally::Faults,
    wire::{LAB_EPOCH, LABS, POLL, WEBSOCKET},
};

/// The figures of all rounds: on the disk as it is, and on the slow one.
#[derive(Debug)]
pub(crate) struct SlowDisk {
    /// Round by round.
    pub(crate) rounds: Vec<(DiskRun, DiskRun)>,
}

/// The figures on one disk. Latencies are nanoseconds.
#[derive(Debug)]
pub(crate) struct DiskRun {
    /// From the time of publication in an entry that is not stored until a subscriber has read it.
    pub(crate) pushed: Histogram<u64>,
    /// From the moment when a poll was due until its answer was read.
    pub(crate) polled: Histogram<u64>,
    /// The deliveries of the stored topic, which wait for the disk.
    pub(crate) stored: Outcome,
    /// The faults of the entries that are not stored.
    faults_apart: Faults,
}

/// Each write and each sync of the journal takes so much longer on the slow disk.
pub(crate) const DELAY: Duration = Duration::from_millis(50);
/// Publications a second on the stored topic. Each takes up to two writes and two syncs where other entries go by meanwhile, so that they
/// keep the slow disk busy for most of the time.
const STORED_RATE: u32 = 4;
const STORED_SUBSCRIBERS: usize = 50;
/// Publications a second in each lab, the most that it makes.
const LAB_RATE: u32 = 50;
const LAB_SUBSCRIBERS: usize = 50;
/// Clients who poll the stored topic, and how often.
const POLLERS: usize = 4;
const POLL_EVERY: Duration = Duration::from_millis(10);
/// Times as long as other measurements: the slowest of a hundred publications must be several.
const LONGER: u32 = 3;
/// The first figures are those of a process that has just started, with its first write.
const WARM_UP: Duration = Duration::from_secs(1);
/// Latencies beyond this count as this, nanoseconds.
const SLOWEST: u64 = 60_000_000_000;
const LOOK: Duration = Duration::from_millis(5);

/// Measures both disks, in turns, each time in a fresh process.
pub(crate) fn measure(plan: &Plan) -> Result<Option<SlowDisk>> {
    let strace = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    if !strace.is_ok_and(|status| status.success()) {
        eprintln!("bench: without a slow disk: strace is not installed: apt install strace");
        return Ok(None);
    }
    let mut rounds = Vec::new();
    // The aim is a tenth of a millisecond or two, and more rounds make a steadier median.
    for round in 0..2 * plan.rounds - 1 {
        if !plan.has_time() {
            break;
        }
        let (mut usual, mut slow) = (None, None);
        // Every second round the other way round.
        for is_slow in [round % 2 == 1, round % 2 == 0] {
            let subject = start_on_disk(&plan.binary, if is_slow { DELAY } else { Duration::ZERO })?;
            let run = one(&subject, LONGER * plan.time)?;
            eprintln!(
                "  {} disk: p99 {:.2} ms pushed, {:.2} ms polled; p50 {:.2} ms stored and pushed; others used {:.0} % of the CPU",
                if is_slow { "slow" } else { "usual" },
                DiskRun::p99_ms(&run.pushed),
                DiskRun::p99_ms(&run.polled),
                run.stored.latency_ms(0.5),
                100.0 * run.stored.foreign,
            );
            *(if is_slow { &mut slow } else { &mut usual }) = Some(run);
        }
        rounds.extend(usual.zip(slow));
    }
    Ok(Some(SlowDisk { rounds }))
}

impl DiskRun {
    /// The faults of all deliveries.
    pub(crate) fn faults(&self) -> Faults {
        let mut faults = self.faults_apart;
        faults += self.stored.faults;
        faults
    }

    /// The 99th percentile of some latencies, milliseconds.
    pub(crate) fn p99_ms(latencies: &Histogram<u64>) -> f64 {
        latencies.value_at_quantile(0.99) as f64 / 1e6
    }
}

fn one(subject: &Subject, time: Duration) -> Result<DiskRun> {
    let mut pool = SubscriberPool::new()?;
    for (wire, name) in LABS.iter().zip(LAB_NAMES) {
        pool.join(subject, wire, LAB_SUBSCRIBERS, 1)?;
        begin_lab(subject, name)?;
    }
    let load = Load { pace: Pace::Steady(STORED_RATE), bytes: PAYLOAD, time };
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let stored = scope.spawn(|| {
            let _over = SetAtEnd(&over);
            run(subject, &[(&WEBSOCKET, STORED_SUBSCRIBERS)], load)
        });
        let pollers: Vec<_> = (0..POLLERS).map(|_| scope.spawn(|| poll(subject, &over))).collect();
        let pushed = follow(&mut pool, &over)?;
        let mut polled = histogram()?;
        for poller in pollers {
            polled.add(joined(poller)??)?;
        }
        let stored = joined(stored)??;
        Ok(DiskRun { pushed, polled, stored, faults_apart: pool.faults(0) })
    })
}

/// Says that it is over when it ends, however that comes.
struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Reads what the labs publish until it is over.
fn follow(pool: &mut SubscriberPool, over: &AtomicBool) -> Result<Histogram<u64>> {
    let mut latency = histogram()?;
    let (began, began_at) = (Instant::now(), SystemTime::now().duration_since(UNIX_EPOCH)?);
    while !over.load(Ordering::Relaxed) {
        pool.turn(LOOK, None, &mut |stamp, now| {
            let sent_at = LAB_EPOCH + Duration::from_micros(stamp.sent_at);
            let since = now.saturating_duration_since(began);
            if since >= WARM_UP {
                record(&mut latency, (began_at + since).saturating_sub(sent_at));
            }
        })?;
    }
    Ok(latency)
}

/// Polls by the clock until it is over. A question that is late because of the last answer counts from when it was due.
fn poll(subject: &Subject, over: &AtomicBool) -> Result<Histogram<u64>> {
    let mut latency = histogram()?;
    let mut client = Subscriber::connect(subject, &POLL, 1)?;
    let mut space = vec![0; 64 * 1024];
    let began = Instant::now();
    let mut due = began;
    while !over.load(Ordering::Relaxed) {
        pause(due.saturating_duration_since(Instant::now()));
        client.ask_and_wait(&mut space)?;
        if due - began >= WARM_UP {
            record(&mut latency, due.elapsed());
        }
        due += POLL_EVERY;
    }
    Ok(latency)
}

fn begin_lab(subject: &Subject, name: &str) -> Result<()> {
    let body = format!(r#"{{"lab":"{name}","rate":{LAB_RATE},"bytes":{PAYLOAD},"seconds":60}}"#);
    let mut socket = TcpStream::connect(subject.address)?;
    write!(
        socket,
        "POST /api/v1/lab HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        subject.address,
        body.len(),
    )?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).context("cannot read the lab's answer")?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("the lab does not begin: {answer}");
    }
    Ok(())
}

fn record(latency: &mut Histogram<u64>, time: Duration) {
    latency.saturating_record(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1));
}

fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_max(SLOWEST, 3)?)
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> Result<T> {
    thread.join().map_err(|_| anyhow::anyhow!("a thread of the load generator has panicked"))
}
