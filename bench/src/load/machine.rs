//! The machine and the programs behind the figures.

use std::{fs, process::Command, time::Duration};

use anyhow::{Context, Result};

use super::{pause::pause, version};

/// How long to watch what others do.
const WATCHED: Duration = Duration::from_secs(2);

/// Lines that name them; `idle` is the share of CPU time that no one used before.
pub(crate) fn describe(idle: f64) -> Vec<(&'static str, String)> {
    let cpuinfo = read("/proc/cpuinfo");
    let model = field(&cpuinfo, "model name").unwrap_or("unknown").to_owned();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field(&read("/proc/meminfo"), "MemTotal")
        .and_then(|value| value.strip_suffix(" kB")?.parse::<f64>().ok())
        .map_or("unknown".to_owned(), |kilobytes| format!("{:.1} GiB", kilobytes / f64::from(1 << 20)));
    let kernel = read("/proc/sys/kernel/osrelease").trim().to_owned();
    let said = |command: &mut Command| version::first_line(command).unwrap_or("unknown".into());
    vec![
        ("Date", said(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]))),
        ("CPU", format!("{model}, {cores} cores")),
        ("Memory", memory),
        ("Kernel", format!("Linux {kernel}")),
        ("Before", format!("{:.0} % of the CPU was idle", 100.0 * idle)),
        ("Compiler", said(Command::new("rustc").arg("--version"))),
    ]
}

/// The share of all cores' time that no one uses, watched for a while.
pub(crate) fn idle() -> Result<f64> {
    let (unused_before, all_before) = processor_time()?;
    pause(WATCHED);
    let (unused, all) = processor_time()?;
    Ok((unused - unused_before) / (all - all_before).max(1.0))
}

/// Unused and all time since the machine started (proc(5), /proc/stat: idle and iowait are the fourth and fifth).
fn processor_time() -> Result<(f64, f64)> {
    let stat = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
    let line = stat.lines().next().unwrap_or_default();
    let times: Vec<f64> =
        line.split_whitespace().skip(1).take(8).filter_map(|text| text.parse().ok()).collect();
    let unused = times.get(3..5).context("the fields of /proc/stat")?.iter().sum();
    Ok((unused, times.iter().sum()))
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn field<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    table.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':').map(str::trim))
}
