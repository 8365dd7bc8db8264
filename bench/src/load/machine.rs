//! The machine and the programs behind the figures.

use std::{fs, process::Command};

use super::version;

/// Lines that name them.
pub(crate) fn describe() -> Vec<(&'static str, String)> {
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
        ("Compiler", said(Command::new("rustc").arg("--version"))),
    ]
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn field<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    table.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':').map(str::trim))
}
