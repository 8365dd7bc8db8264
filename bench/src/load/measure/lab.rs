//! The lab's page beside the load generator: what a browser shows of each transport, and what is true of it.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{PAYLOAD, Plan};
use crate::load::{
    build, delaying_proxy,
    run::{Load, Pace, run},
    subject::{Subject, start_with_page},
    wire::{WIRES, Wire},
};

/// One transport's figures, as the page and as the generator have them.
#[derive(Debug)]
pub(crate) struct LabComparison {
    /// Its name in tables.
    pub(crate) wire: &'static str,
    /// In the browser.
    pub(crate) page: LatencyFigures,
    /// Here.
    pub(crate) generator: LatencyFigures,
}

/// The figures to compare.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct LatencyFigures {
    /// Median age, milliseconds.
    pub(crate) p50: f64,
    /// 99 of 100 are no older, milliseconds.
    pub(crate) p99: f64,
    /// On the wire for each update.
    pub(crate) bytes: f64,
}

/// The report that `bench/lab` writes at its end.
#[derive(Debug, Deserialize)]
struct PageReport {
    headers: std::collections::BTreeMap<String, String>,
    lines: std::collections::BTreeMap<String, LatencyFigures>,
}

/// The page asks for this rate until a slider is moved.
const RATE: u32 = 10;
/// Figures are taken for this long: the page shows those of the last minute.
const TIME: Duration = Duration::from_secs(30);
/// Each way. Without a network between them, ages would be those of two schedulers.
const DELAY: Duration = Duration::from_millis(100);
/// The headers that every client sends.
const SAID: [&str; 2] = ["host", "connection"];

/// Opens the page in a browser, and then does the same as its lines do.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<LabComparison>> {
    let mut subject = start_with_page(&plan.binary, &build::page()?)?;
    subject.entrance = delaying_proxy::before(subject.address, DELAY)?;
    let told = look(&subject)?;
    let line = |(name, value): (&String, &String)| format!("{name}: {value}\r\n");
    let asks =
        told.headers.iter().filter(|(name, _)| !name.starts_with(':') && !SAID.contains(&name.as_str()));
    subject.manners = asks.map(line).collect();
    let load = Load { pace: Pace::Steady(RATE), bytes: PAYLOAD, time: TIME };
    let mut all = Vec::new();
    for wire in WIRES {
        let page = told.lines.get(wire.name).copied();
        let page = page.with_context(|| format!("the lab has no {}", wire.name))?;
        // The page waits from one answer to the next question, not from question to question.
        let wire = &Wire { period: wire.period.map(|period| period + 2 * DELAY), ..*wire };
        let outcome = run(&subject, &[(wire, 1)], load)?;
        let (p50, p99) = (outcome.latency_ms(0.5), outcome.latency_ms(0.99));
        let generator = LatencyFigures { p50, p99, bytes: outcome.bytes_per_delivery() };
        eprintln!("  {}: {page:?} in the page, {generator:?} here", wire.name);
        all.push(LabComparison { wire: wire.name, page, generator });
    }
    Ok(all)
}

fn look(subject: &Subject) -> Result<PageReport> {
    let output = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("lab/run.mjs"))
        .args(["--url", &format!("http://{}", subject.entrance)])
        .args(["--seconds", &TIME.as_secs().to_string()])
        .stderr(Stdio::inherit())
        .output()
        .context("Node is needed: https://nodejs.org, or apt install nodejs")?;
    if !output.status.success() {
        bail!("bench/lab failed ({})", output.status);
    }
    serde_json::from_slice(&output.stdout).context("cannot read what bench/lab says")
}
