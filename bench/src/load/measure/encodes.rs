//! Counts how often a publication is put into wire form, for few subscribers and for many, by the server's own
//! figures.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
};

use anyhow::{Context, Result};

use super::{PAYLOAD, Plan};
use crate::load::{
    run::{Load, Pace, run},
    subject::{PULSEBOARD, Subject},
    tally::Faults,
    wire::WIRES,
};

/// The counts of one run.
#[derive(Debug)]
pub(crate) struct Encodes {
    /// Subscribers on all wires together.
    pub(crate) subscribers: usize,
    /// Publications.
    pub(crate) publications: u64,
    /// Deliveries, warm-up and all.
    pub(crate) deliveries: u64,
    /// Each form that was in use, and how often one was built.
    pub(crate) forms: Vec<(String, u64)>,
    /// The faults of the deliveries.
    pub(crate) faults: Faults,
}

/// Subscribers on each wire.
const CROWDS: [usize; 2] = [5, 100];
/// Publications a second.
const RATE: u32 = 50;

/// Counts on all wires at once.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<Encodes>> {
    let subject = (PULSEBOARD.start)(&plan.binary)?;
    let load = Load { pace: Pace::Steady(RATE), bytes: PAYLOAD, time: plan.time };
    let mut all = Vec::new();
    for each in CROWDS {
        let before = counted(&subject)?;
        let outcome = run(&subject, &WIRES.map(|wire| (wire, each)), load)?;
        let after = counted(&subject)?;
        let grown = |(form, count): (String, u64)| {
            let built = count - before.get(&form).copied().unwrap_or(0);
            (built > 0).then_some((form, built))
        };
        let (subscribers, publications) = (each * WIRES.len(), outcome.publications);
        all.push(Encodes {
            subscribers,
            publications,
            deliveries: publications * subscribers as u64 - outcome.faults.lost,
            forms: after.into_iter().filter_map(grown).collect(),
            faults: outcome.faults,
        });
    }
    Ok(all)
}

impl Encodes {
    /// Wire forms built for one publication.
    pub(crate) fn each(&self) -> f64 {
        let built: u64 = self.forms.iter().map(|(_, built)| built).sum();
        built as f64 / self.publications.max(1) as f64
    }
}

/// The counters of `/metrics`, by form.
fn counted(subject: &Subject) -> Result<BTreeMap<String, u64>> {
    let mut socket = TcpStream::connect(subject.address)?;
    let head = format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", subject.address);
    socket.write_all(head.as_bytes())?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    let counter = |line: &str| {
        let (form, count) = line.strip_prefix(r#"pulseboard_encodes_total{form=""#)?.split_once(r#""} "#)?;
        Some((form.to_owned(), count.trim().parse().ok()?))
    };
    let found: BTreeMap<String, u64> = answer.lines().filter_map(counter).collect();
    (!found.is_empty()).then_some(found).context("/metrics counts no encodes")
}
