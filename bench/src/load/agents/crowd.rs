//! Hundreds of agents at one server on one core: each reports forty series a second, half of them over WebSockets and half by POST, and
//! nothing may be lost.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use super::{
    crowd_report::{self, Moment, ReportedLoad},
    hub::Hub,
    kept::KeptSamples,
    resources::{Resources, mebibytes},
    section,
    simulated::{Reported, SimulatedAgent, now},
};
use crate::{
    Options,
    load::{build, machine::CoreTime, pause::pause},
};

/// Reports go on for so long, where no other time is given.
const MINUTES: u32 = 10;
/// The core of the server.
const CORE: usize = 0;
/// The first report comes after this.
const START: Duration = Duration::from_secs(5);
/// The server is looked at this often.
const LOOK: Duration = Duration::from_secs(10);
/// A thread of an agent needs little.
const STACK: usize = 256 << 10;

/// Measures, prints, and writes the section; says whether everything was kept, once and as it was.
pub(crate) fn at_one_server(options: &Options, hosts: usize) -> Result<bool> {
    let binary = match &options.server {
        Some(binary) => binary.clone(),
        None => build::server()?,
    };
    let time = Duration::from_secs(60) * options.minutes.unwrap_or(MINUTES);
    let folder = tempfile::Builder::new().prefix("pulseboard-bench-").tempdir()?;
    let hub = Hub::start(&binary, folder.path(), Some(CORE))?;
    let agent = |index| SimulatedAgent { index, hub: hub.address, is_web_socket: index % 2 == 0 };
    let agents: Vec<SimulatedAgent> = (0..hosts).map(agent).collect();
    for agent in &agents {
        agent.enrol(&hub.code()?)?;
    }
    eprintln!("bench: {hosts} agents have enrolled");

    let first = (now() + START).as_secs();
    let last = first + time.as_secs();
    let mut server = Resources::begin(hub.pid())?;
    let generator = Resources::begin(std::process::id())?;
    let threads = agents.iter().cloned().map(|agent| {
        let moment = Duration::from_secs(1).mul_f64(agent.index as f64 / hosts as f64);
        let report = move || agent.report(first, last, moment);
        thread::Builder::new().stack_size(STACK).spawn(report)
    });
    let threads = threads.collect::<Result<Vec<_>, _>>()?;
    pause(Duration::from_secs(first).saturating_sub(now()));
    let (cores, began) = (CoreTime::now()?, Instant::now());
    let (idle, idle_generator) = (server.cpu_seconds()?, generator.cpu_seconds()?);
    let mut moments: Vec<Moment> = Vec::new();
    while began.elapsed() < time {
        pause(LOOK.min(time.saturating_sub(began.elapsed())));
        let moment = Moment {
            at: began.elapsed(),
            cpu: server.cpu_seconds()? - idle,
            resident: mebibytes(server.look()?),
        };
        if began.elapsed().as_secs() % 60 < LOOK.as_secs() {
            eprintln!(
                "bench: {:.0} of {} s: {:.1} CPU s, {:.1} MiB",
                moment.at.as_secs_f64(),
                time.as_secs(),
                moment.cpu,
                moment.resident
            );
        }
        moments.push(moment);
    }
    let used = server.cpu_seconds()? - idle + generator.cpu_seconds()? - idle_generator;
    let foreign = CoreTime::now()?.foreign_since(cores, used);
    let mut reported: Option<Reported> = None;
    for thread in threads {
        let Ok(one) = thread.join() else { bail!("the thread of an agent has panicked") };
        reported = Some(match (reported, one?) {
            (None, one) => one,
            (Some(mut all), one) => {
                all.reports += one.reports;
                all.samples += one.samples;
                all.failures += one.failures;
                all.times.add(&one.times)?;
                all
            }
        });
    }
    let mut kept = KeptSamples::default();
    for agent in &agents {
        kept.count(agent, first, last)?;
    }
    let reported = reported.context("there is at least one agent")?;
    let generator = generator.cpu_seconds()? / time.as_secs_f64();
    let load = ReportedLoad { hosts, time, moments, reported, kept, foreign, generator };
    let text = crowd_report::section(&load);
    println!("{text}");
    section::write(options, &text)?;
    Ok(kept == KeptSamples { expected: kept.expected, ..KeptSamples::default() })
}
