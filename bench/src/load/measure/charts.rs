//! Measures the cost of an update of the page's charts in a browser, beside libraries in JavaScript. `bench/charts`
//! measures; here it is started, and heard.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::load::build;

/// The report that `bench/charts` writes at its end.
#[derive(Debug, Deserialize)]
pub(crate) struct Charts {
    /// The day, UTC.
    pub(crate) date: String,
    chromium: String,
    chartjs: String,
    uplot: String,
    /// Each library at each rate, round by round.
    #[serde(default)]
    pub(crate) runs: Vec<Run>,
    /// Each library after minutes.
    #[serde(default)]
    pub(crate) heaps: Vec<Heaps>,
}

/// Updates of all charts at a steady rate. Times are CPU seconds.
#[derive(Debug, Deserialize)]
pub(crate) struct Run {
    /// Its name in `bench/charts`.
    pub(crate) library: String,
    /// Counted from 0.
    pub(crate) round: usize,
    /// Updates a second that were aimed for.
    pub(crate) rate: u32,
    /// Updates that were made.
    pub(crate) updates: u32,
    /// Animation frames that came.
    pub(crate) frames: u32,
    /// Animation frames that would have come, but for longer ones.
    pub(crate) missed: u32,
    /// Of script, WebAssembly and the canvas calls of both.
    pub(crate) script: f64,
    /// Of the page's main thread.
    pub(crate) thread: f64,
    /// Of all processes of the browser.
    pub(crate) browser: f64,
    /// The share of all cores that someone else used.
    pub(crate) foreign: f64,
    /// Bytes that are still needed afterwards, WebAssembly's memory included.
    pub(crate) heap: f64,
}

/// The heap of a library that draws sixty times a second.
#[derive(Debug, Deserialize)]
pub(crate) struct Heaps {
    /// Its name in `bench/charts`.
    pub(crate) library: String,
    /// At some moments.
    pub(crate) after: Vec<Heap>,
}

/// The heap at a moment.
#[derive(Debug, Deserialize)]
pub(crate) struct Heap {
    /// The minutes of drawing before the measurement.
    pub(crate) minutes: u32,
    /// Bytes that are still needed, WebAssembly's memory included.
    pub(crate) heap: f64,
}

impl Charts {
    /// The programs, as the report names them.
    pub(crate) fn versions(&self) -> [(&'static str, String); 3] {
        [("Chromium", &self.chromium), ("Chart.js", &self.chartjs), ("uPlot", &self.uplot)]
            .map(|(name, version)| (name, version.clone()))
    }
}

/// Measures each library at each rate.
pub(crate) fn measure(rounds: usize, quick: bool) -> Result<Charts> {
    let rounds = rounds.to_string();
    let quick: &[&str] = if quick { &["--quick"] } else { &[] };
    let said = run(&[&["--rounds", &rounds], quick].concat())?;
    serde_json::from_str(&said).context("cannot read what bench/charts says")
}

/// Draws for minutes with each library, and keeps what is then on the heap.
pub(crate) fn keep_heaps(minutes: u32) -> Result<()> {
    let said = run(&["--minutes", &minutes.to_string()])?;
    let file = heaps_file();
    fs::write(&file, said + "\n").with_context(|| format!("cannot write {}", file.display()))
}

/// Reads the heaps that were kept last; none if there are none.
pub(crate) fn kept_heaps() -> Result<Option<Charts>> {
    let file = heaps_file();
    if !file.exists() {
        return Ok(None);
    }
    let kept = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&kept).map(Some).with_context(|| format!("cannot read {}", file.display()))
}

fn run(arguments: &[&str]) -> Result<String> {
    for package in ["bench/charts/node_modules/chart.js", "bench/charts/node_modules/uplot", PLAYWRIGHT] {
        if !root().join(package).is_dir() {
            bail!("{package} is not there: `cargo xtask bench` installs it");
        }
    }
    let site = build::page()?;
    let output = Command::new("node")
        .arg(root().join("bench/charts/run.mjs"))
        .arg("--site")
        .arg(site)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .context("Node is needed: https://nodejs.org, or apt install nodejs")?;
    if !output.status.success() {
        bail!("bench/charts failed ({})", output.status);
    }
    String::from_utf8(output.stdout).context("bench/charts wrote something other than UTF-8")
}

const PLAYWRIGHT: &str = "end2end/node_modules/@playwright/test";

fn heaps_file() -> PathBuf {
    root().join("bench/charts/heaps.json")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
