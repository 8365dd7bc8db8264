//! The machine and the programs behind the figures.

use std::{fs, process::Command};

use anyhow::{Context, Result};

use super::version;

/// Lines that name them; the first is the share of CPU time that other programs used.
pub(crate) fn describe((foreign, worst): (f64, f64)) -> Vec<(&'static str, String)> {
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
        (
            "Meanwhile",
            format!(
                "other programs used {:.0} % of the CPU, {:.0} % in the worst run",
                100.0 * foreign,
                100.0 * worst
            ),
        ),
        ("Compiler", said(Command::new("rustc").arg("--version"))),
    ]
}

/// Time of all cores since the machine started, seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CoreTime {
    /// That someone used.
    pub(crate) used: f64,
    /// That no one used.
    pub(crate) unused: f64,
}

impl CoreTime {
    /// Up to now (proc(5), /proc/stat: hundredths of a second, idle and iowait the fourth and fifth).
    pub(crate) fn now() -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
        let line = stat.lines().next().unwrap_or_default();
        let times = line.split_whitespace().skip(1).take(8).filter_map(|text| text.parse::<f64>().ok());
        let times: Vec<f64> = times.map(|ticks| ticks / 100.0).collect();
        let unused: f64 = times.get(3..5).context("the fields of /proc/stat")?.iter().sum();
        Ok(Self { used: times.iter().sum::<f64>() - unused, unused })
    }

    /// The share of the time since `before` that was used by others than those who used `own` seconds.
    pub(crate) fn foreign_since(self, before: Self, own: f64) -> f64 {
        let used = self.used - before.used;
        ((used - own) / (used + self.unused - before.unused).max(0.01)).clamp(0.0, 1.0)
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn field<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    table.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':').map(str::trim))
}
